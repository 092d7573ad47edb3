"""What a teacher adds to a small student that writes: `python -m benchmarks.distillation_writing [--seeds 3]`.

`builtin:tiny`, four layers, learns by all its weights to put facts into a sentence (some rows of e2e_nlg). Students of
two of its layers learn the same rows alone or from that teacher, by its probabilities (`distill`,
`distill_universal`) or by what it writes (`distill_answers`), also to further facts for which nobody wrote a
sentence. An interval draws test rows, each with its answers from all seeds; what each seed gave stands beside it, for
training itself is left to chance. Finished runs are kept in `--runs`.
"""

import argparse
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.arguments import add_kept_runs
from benchmarks.distillation import TUNED
from benchmarks.recipe import Recipe
from benchmarks.record import append
from benchmarks.written import Seeds, each_less, each_seed, less, scored
from overtone import api
from overtone.models.shrink import shrink

NAME, BASE, LAYERS = "e2e_nlg", "builtin:tiny", 2
ROWS, MORE_ROWS, QUICK_ROWS = 2400, 9600, 64
STUDENTS: dict[str, dict[str, Any] | None] = {
    "alone": None,
    "distill": {"name": "distill", "weight": 0.9},
    "distill_universal": {"name": "distill_universal"},
    "distill_answers": {"name": "distill_answers"},
}


@dataclass(frozen=True)
class Round:
    """All systems of one seed."""

    recipe: Recipe
    seed: int
    rows: int
    more_rows: int

    @cached_property
    def teacher(self) -> api.Result:
        """The tuned teacher."""
        return self._run("teacher", self.rows)

    def student(self, name: str, more: bool = False) -> api.Result:
        """The tuned student, of the rows that the teacher learned too or of `more`."""
        taught = STUDENTS[name]
        chosen = {**taught, "teacher": str(self.teacher.folder)} if taught else None
        title = f"{name}-more" if more else name
        return self._run(
            title,
            self.more_rows if more else self.rows,
            f"base={self._begun}",
            f"stages.0.objective={json.dumps(chosen)}",
        )

    def _run(self, name: str, rows: int, *overrides: str) -> api.Result:
        chosen = (f"data.rows={rows}", f"seed={self.seed}", f"decide.rivals=[{TUNED}]")
        return self.recipe.run(f"{NAME}-{name}-seed{self.seed}", *chosen, *overrides)

    @property
    def _begun(self) -> Path:
        """The base that all students begin as: some layers of the untuned one."""
        folder = (self.recipe.folder / f"{LAYERS}-layers").resolve()
        if not folder.exists():
            shrink(BASE, LAYERS, folder)
        return folder


def main() -> None:
    """Train the teachers and the students and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_kept_runs(parser, QUICK_ROWS)
    given = parser.parse_args()
    folder = (given.runs / f"distillation_writing{'-quick' if given.quick else ''}").resolve()
    changed = ["stages.0.method=full", *(["stages.0.epochs=1"] if given.quick else [])]
    recipe = Recipe(NAME, tuple(changed), folder)
    sizes = (QUICK_ROWS, 2 * QUICK_ROWS) if given.quick else (ROWS, MORE_ROWS)
    rounds = [Round(recipe, seed, *sizes) for seed in range(given.seeds)]

    def answers(runs: list[api.Result]) -> Seeds:
        return [recipe.answers(run.folder, TUNED) for run in runs]

    alone = answers([one.student("alone") for one in rounds])
    lines = [
        "| system | rows read | BLEU | 95 % interval | n | of each seed | less the student alone | of each seed |",
        "|---|---|---|---|---|---|---|---|",
        f"| student alone | {sizes[0]:,} | {scored(recipe, alone)} | {each_seed(recipe, alone)} | | |",
    ]
    others = {"teacher": (sizes[0], [one.teacher for one in rounds])}
    others |= {name: (sizes[0], [one.student(name) for one in rounds]) for name in STUDENTS if STUDENTS[name]}
    more = [one.student("distill_answers", more=True) for one in rounds]
    others |= {"distill_answers, further facts": (sizes[1], more)}
    for title, (rows, runs) in others.items():
        found = answers(runs)
        gained = f"{less(recipe, found, alone)} | {each_less(recipe, found, alone)}"
        lines.append(
            f"| {title} | {rows:,} | {scored(recipe, found)} | {each_seed(recipe, found)} | {gained} |"
        )
        print(lines[-1], flush=True)
    small = " (tried out)" if given.quick else ""
    append(f"A student that writes, {LAYERS} layers, {NAME}{small}, {given.seeds} seed(s)", lines, given.out)


if __name__ == "__main__":
    main()
