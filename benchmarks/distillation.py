"""What a small student keeps of its teacher: `python -m benchmarks.distillation [--seeds 3]`.

`builtin:minilm`, six layers, learns the kinds of questions (trec) from some labelled rows. Students of two layers
learn from the same rows alone or taught, or are taught on all texts without reading a label. An interval draws test
rows, each the mean of its seeds. Finished runs are kept in `--runs` and are not repeated.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arguments import add_kept_runs
from benchmarks.recipe import Recipe
from benchmarks.record import append
from overtone import api
from overtone.evaluate.statistics.bca import bca
from overtone.models.shrink import shrink
from overtone.train.artifact import load_artifact

NAME, BASE, TUNED, LAYERS = "trec", "builtin:minilm", "fine_tune", 2
LABELLED, QUICK_ROWS, ROUNDS = 1500, 80, 3
TAUGHT = {"name": "distill_classes", "temperature": 2, "weight": 0.9}
UNLABELLED = {**TAUGHT, "weight": 1}  # the rows' own labels weigh nothing


@dataclass(frozen=True)
class Student:
    """What a student begins as, which rows it reads, and what teaches it (their labels where nothing is said)."""

    title: str
    begins: str = "base"
    all_rows: bool = False
    taught: Mapping[str, Any] | None = None


STUDENTS = (
    Student("alone"),
    Student("taught", taught=TAUGHT),
    Student("taught on all texts, no label read", all_rows=True, taught=UNLABELLED),
    Student("cut from the teacher, alone", begins="teacher"),
    Student("cut from the teacher, taught on all texts, no label read", "teacher", True, UNLABELLED),
)


@dataclass(frozen=True)
class Round:
    """All systems of one seed."""

    folder: Path
    seed: int
    quick: bool

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe with all rows; those that any of them repeats are judged nowhere."""
        return Recipe(NAME, ("stages.0.epochs=1",) if self.quick else (), self.folder)

    @cached_property
    def teacher(self) -> api.Result:
        """The tuned teacher."""
        return self._run("teacher", f"data.rows={QUICK_ROWS if self.quick else LABELLED}")

    def student(self, student: Student) -> api.Result:
        """The tuned student."""
        rows = () if student.all_rows else (f"data.rows={QUICK_ROWS if self.quick else LABELLED}",)
        taught = student.taught and {**student.taught, "teacher": str(self.teacher.folder)}
        chosen = (f"stages.0.objective={json.dumps(taught)}",) if taught else ()
        name = "-".join(student.title.replace(",", "").split())
        return self._run(name, f"base={self._begun(student.begins)}", *rows, *chosen)

    def right(self, run: api.Result) -> Any:
        """1 for each test row that the run's model got right, else 0."""
        return self.recipe.right(self.recipe.answers(run.folder, TUNED))

    def _run(self, name: str, *overrides: str) -> api.Result:
        return self.recipe.run(
            f"{NAME}-{name}-seed{self.seed}", *overrides, f"seed={self.seed}", f"decide.rivals=[{TUNED}]"
        )

    def _begun(self, begins: str) -> Path:
        """The base that a student begins as: some layers of the untuned base, or of the teacher."""
        folder = (self.folder / f"{begins}-{LAYERS}-layers-seed{self.seed}").resolve()
        if not folder.exists():
            shrink(BASE if begins == "base" else str(artifact(self.teacher)), LAYERS, folder)
        return folder


def main() -> None:
    """Train the teachers and the students and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_kept_runs(parser, QUICK_ROWS)
    given = parser.parse_args()
    folder = (given.runs / ("distillation-quick" if given.quick else "distillation")).resolve()
    rounds = [Round(folder, seed, given.quick) for seed in range(given.seeds)]
    teachers = [one.teacher for one in rounds]
    runs = [teachers, *([one.student(student) for one in rounds] for student in STUDENTS)]
    right = [np.mean([one.right(run) for one, run in zip(rounds, row, strict=True)], axis=0) for row in runs]
    speeds = rows_a_second([artifact(runs[place][0]) for place in (0, 1)], rounds[0].recipe)
    lines = [
        "| system | accuracy | 95 % interval | n | less the student alone | weights | rows a processor second |",
        "|---|---|---|---|---|---|---|",
    ]
    for place, title in enumerate(["teacher", *(f"student {student.title}" for student in STUDENTS)]):
        low, high = bca(right[place], seed=0)
        score = f"{right[place].mean():.1%} | {low:.1%} to {high:.1%} | {len(right[place])}"
        speed = f"{speeds[min(place, 1)]:.0f}" if place < 2 else ""
        lines.append(
            f"| {title} | {score} | {_less(right[place] - right[1])} | {_weights(runs[place][0]):,} | {speed} |"
        )
    append(
        f"A student of {LAYERS} layers, {NAME}{' (tried out)' if given.quick else ''}, {given.seeds} seed(s)",
        lines,
        given.out,
    )


def artifact(run: api.Result) -> Path:
    """The folder of the tuned model."""
    return run.folder / "candidates" / TUNED / "model"


def rows_a_second(folders: Sequence[Path], recipe: Recipe) -> list[float]:
    """Test rows that each model answers in a second of the processor: the best of some rounds, in turns."""
    questions = [row.question for row in recipe.data.test]
    systems = [load_artifact(folder).system() for folder in folders]
    taken: list[list[float]] = [[] for _ in systems]
    for _ in range(ROUNDS):
        for system, seconds in zip(systems, taken, strict=True):
            begun = time.process_time()
            system.answer(questions)
            seconds.append(time.process_time() - begun)
    return [len(questions) / min(seconds) for seconds in taken]


def _less(differences: Any) -> str:
    if not differences.any():
        return ""
    low, high = bca(differences, seed=0)
    return f"{100 * differences.mean():+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def _weights(run: api.Result) -> int:
    (system,) = (one for one in run.contents["systems"] if one["name"] == TUNED)
    weights: int = system["trainable_parameters"]
    return weights


if __name__ == "__main__":
    main()
