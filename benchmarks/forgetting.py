"""How much of a first task each way keeps: `nice -n 5 python -m benchmarks.forgetting [--seeds 3] [--quick]`.

MiniLM learns some intents of banking77, then some of clinc150, each under a head of its own. After each stage both
tasks are judged on test rows, beside the general probe; intervals (95 %) draw test rows, each the mean of its seeds.
The first stage is trained once for all ways that train all weights, once for each other method.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import RESULTS, append
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.data.load import load_data
from overtone.data.settings import DataSettings
from overtone.engine.column import as_before
from overtone.engine.learner import Learner
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.statistics.bca import bca
from overtone.models.base import load_base
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried
from overtone.train.earlier import Earlier
from overtone.train.general import probe
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, tune

DATA = Path(__file__).parents[2] / "shared" / "data"
BASE = "builtin:minilm"
FULL: dict[str, Any] = {"method": "full", "batch_rows": 16, "learning_rate": 1e-4}
LORA: dict[str, Any] = {"method": "lora", "batch_rows": 16, "learning_rate": 1e-3}
COLUMN: dict[str, Any] = {"method": "column", "batch_rows": 16}
ADAPTER: dict[str, Any] = {"method": "adapter", "batch_rows": 16}
STARTS = {"lora": LORA, "column": COLUMN, "adapter": ADAPTER}  # first stages by method; all weights else
WAYS: dict[str, dict[str, Any]] = {
    "all weights": FULL,
    "all weights, 10 % rehearsed": {**FULL, "curriculum": {"name": "rehearsal", "share": 0.1}},
    "all weights, L2 of strength 10": {**FULL, "anchor": {"name": "l2", "strength": 10.0}},
    "all weights, EWC of strength 1e6": {**FULL, "anchor": {"name": "ewc", "strength": 1e6}},
    "all weights, EWC of strength 1e8": {**FULL, "anchor": {"name": "ewc", "strength": 1e8}},
    "head alone": {"method": "head", "batch_rows": 16},
    "LoRA, goes on": LORA,
    "LoRA, 10 % rehearsed": {**LORA, "curriculum": {"name": "rehearsal", "share": 0.1}},
    "an adapter, goes on": ADAPTER,
    "an adapter for each task": ADAPTER,
    "a column for each task": COLUMN,
}
APART = "an adapter for each task"  # the second is trained upon the untuned base, and served beside the first
HEAD = (
    "| second stage | banking77 after stage 1 | after stage 2 | change | clinc150 | general | s |",
    "|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Rows:
    """A few classes of a data set."""

    labels: tuple[str, ...]
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example]


def some_classes(name: str, classes: int, rows: int, test: int) -> Rows:
    """The first classes by name, `rows` training rows of each, and at most `test` test rows in all."""
    settings = DataSettings(
        train=f"{name}/train.jsonl", test=f"{name}/test.jsonl", rows_per_class=rows, validation_share=0.2
    )
    data = load_data(settings, ClassifyTask(), 0, DATA)
    labels = tuple(label for label in data.labels if label != "oos")[:classes]
    parts = [
        [row for row in part if row.labels[0] in labels] for part in (data.train, data.validation, data.test)
    ]
    every = max(1, len(parts[2]) // test)
    return Rows(labels, parts[0], parts[1], parts[2][::every][:test])


def trained(
    rows: Rows, stage: Stage, seed: int, place: Path, before: Artifact | None = None, earlier: Any = ()
) -> Path:
    """The folder of the artifact."""
    how = "continue" if before and before.card.method == stage.method else "merge"
    carried = Carried(earlier[-1].folder, how) if before else None  # type: ignore[arg-type]
    base = carried.base("float32") if carried else load_base(BASE)
    task = Task.model_validate("classify")
    job = Tuning(
        base, task, rows.labels, rows.train, rows.validation, stage, seed, None, carried, tuple(earlier)
    )
    for _ in tune(job, place / "checkpoints", place / stage.method.folder):
        pass
    return place / stage.method.folder


def judged(body: Artifact, head: Artifact, rows: Rows) -> list[float]:
    """1 for each test row that one artifact's body gets right under the head of another, else 0.

    Of columns the body has those that the head knows.
    """
    base = replace(body.base, model=as_before(body.base.model, head.base.model))
    learner = Learner(base.model, head.learner.head, head.learner.pooling, head.learner.name).eval()
    system: Any = replace(head, base=base, learner=learner).system()
    answers = system.answer([row.question for row in rows.test])
    return [float(value) for value in Accuracy().rows(rows.test, answers, head.card.task)]


def measured(
    name: str, first: Rows, second: Rows, epochs: float, seed: int, starts: dict[str, Path], place: Path
) -> tuple[list[float], list[float], list[float], list[float], float]:
    """The first task's rows after each stage, the second one's, the general probe's, and seconds of stage 2."""
    way = {**WAYS[name], "epochs": epochs}
    first_stage = Stage.model_validate({**STARTS.get(way["method"], FULL), "epochs": epochs})
    method = first_stage.method.name
    if method not in starts:
        starts[method] = trained(first, first_stage, seed, place / method)
    start = load_artifact(starts[method])
    before: Artifact | None = None
    after: tuple[Earlier, ...] = ()
    if name != APART:
        before, after = start, (Earlier(start.card.task, first.labels, first.train, starts[method]),)
    begun = time.perf_counter()
    folder = trained(second, Stage.model_validate(way), seed, place / name, before, after)
    seconds = time.perf_counter() - begun
    last = load_artifact(folder)
    kept = judged(start if name == APART else last, start, first)
    general = list(probe(last.base).values)
    return judged(start, start, first), kept, judged(last, last, second), general, seconds


def row(name: str, found: Sequence[Any]) -> str:
    """A line of the table from what was found of each seed."""
    first, kept, second, general = (np.mean([one[part] for one in found], axis=0) for part in range(4))
    cells = [_shown(first), _shown(kept), _shown(kept - first, "+"), _shown(second)]
    seconds = np.mean([one[4] for one in found])
    return f"| {name} | {' | '.join(cells)} | {100 * general.mean():.1f} | {seconds:.0f} |"


def _shown(values: Any, sign: str = "") -> str:
    if not values.any():
        return "0"
    low, high = bca(values, seed=0)
    return f"{100 * values.mean():{sign}.1f} [{100 * low:{sign}.1f}, {100 * high:{sign}.1f}]"


def main() -> None:
    """Measure every way from every seed; the table is shown and kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer classes, rows and epochs")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="all of them")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where results are appended")
    given = parser.parse_args()
    classes, rows, test, epochs = (5, 5, 50, 1.0) if given.quick else (40, 10, 600, 6.0)
    first, second = (some_classes(name, classes, rows, test) for name in ("banking77", "clinc150"))
    found: dict[str, list[Any]] = {name: [] for name in given.ways}
    for seed in range(given.seeds):
        starts: dict[str, Path] = {}
        with tempfile.TemporaryDirectory() as place:
            for name in given.ways:
                found[name].append(measured(name, first, second, epochs, seed, starts, Path(place)))
                print(seed, row(name, found[name][-1:]), flush=True)
    untuned = 100 * np.mean(probe(load_base(BASE)).values)
    said = (
        f"{classes} classes of each, {len(first.train)} and {len(second.train)} training rows, {epochs:g} epochs "
        f"a stage, {len(first.test)} and {len(second.test)} test rows; general probe of the untuned base "
        f"{untuned:.1f}."
    )
    lines = [said, "", *HEAD, *(row(name, found[name]) for name in given.ways)]
    append(f"Forgetting, banking77 then clinc150, {given.seeds} seed(s)", lines, given.out)


if __name__ == "__main__":
    main()
