"""How much of a first task each way keeps: `nice -n 5 python -m benchmarks.forgetting [--quick]`.

MiniLM learns some intents of banking77, then some of clinc150, each under a head of its own. After each stage both
tasks are judged on test rows, with 95 % intervals, beside the general probe. The first stage is trained once for all
ways that train all weights, once for lora, and once for columns, of which each task has its own.
"""

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from overtone.core.example import Example
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.data.load import load_data
from overtone.data.settings import DataSettings
from overtone.engine.column import as_before
from overtone.engine.learner import Learner
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.scores import score
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
STARTS = {"lora": LORA, "column": COLUMN}  # first stages by the method of the second; all weights else
WAYS: dict[str, dict[str, Any]] = {
    "all weights": FULL,
    "all weights, 10 % rehearsed": {**FULL, "curriculum": {"name": "rehearsal", "share": 0.1}},
    "all weights, l2 to the start": {**FULL, "anchor": {"name": "l2", "strength": 1.0}},
    "all weights, l2 of strength 10": {**FULL, "anchor": {"name": "l2", "strength": 10.0}},
    "all weights, ewc": {**FULL, "anchor": {"name": "ewc", "strength": 1e6}},
    "all weights, ewc of strength 1e8": {**FULL, "anchor": {"name": "ewc", "strength": 1e8}},
    "head alone": {"method": "head", "batch_rows": 16},
    "lora, goes on": LORA,
    "lora, 10 % rehearsed": {**LORA, "curriculum": {"name": "rehearsal", "share": 0.1}},
    "a column for each task": COLUMN,
}


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
    rows: Rows, stage: Stage, place: Path, before: Artifact | None, earlier: Sequence[Earlier]
) -> Path:
    """The folder of the artifact."""
    folder = earlier[-1].folder if earlier else None
    how = "continue" if before and before.card.method == stage.method else "merge"
    carried = Carried(folder, how) if folder else None  # type: ignore[arg-type]
    base = carried.base("float32") if carried else load_base(BASE)
    task = Task.model_validate("classify")
    job = Tuning(
        base, task, rows.labels, rows.train, rows.validation, stage, 0, None, carried, tuple(earlier)
    )
    for _ in tune(job, place / "checkpoints", place / stage.method.folder):
        pass
    return place / stage.method.folder


def judged(body: Artifact, head: Artifact, rows: Rows) -> Score:
    """The accuracy of one artifact's body under the head of another, with the columns that this one knows."""
    base = replace(body.base, model=as_before(body.base.model, head.base.model))
    learner = Learner(base.model, head.learner.head, head.learner.pooling, head.learner.name).eval()
    system: Any = replace(head, base=base, learner=learner).system()
    answers = system.answer([row.question for row in rows.test])
    return score(Accuracy(), rows.test, answers, head.card.task, 0)


def measured(
    way: Mapping[str, Any], first: Rows, second: Rows, epochs: float, starts: dict[str, Path], place: Path
) -> list[str]:
    """Both tasks after the second stage, the first one after the first, the general probe, and seconds."""
    first_stage = STARTS.get(way["method"], FULL)
    method = first_stage["method"]
    if method not in starts:
        stage = Stage.model_validate({**first_stage, "epochs": epochs})
        starts[method] = trained(first, stage, place / method, None, [])
    start = load_artifact(starts[method])
    begun = time.perf_counter()
    known = Earlier(start.card.task, first.labels, first.train, starts[method])
    stage = Stage.model_validate({**way, "epochs": epochs})
    last = load_artifact(
        trained(second, stage, place / "second" / str(len(list(place.rglob("*")))), start, [known])
    )
    seconds = time.perf_counter() - begun
    before, after, new = judged(start, start, first), judged(last, start, first), judged(last, last, second)
    general = probe(last.base).values
    return [*map(_shown, (before, after, new)), f"{100 * sum(general) / len(general):.1f}", f"{seconds:.0f}"]


def _shown(found: Score) -> str:
    return f"{100 * found.value:.1f} [{100 * found.low:.1f}, {100 * found.high:.1f}]"


def main() -> None:
    """Print the table, a row at a time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer classes, rows and epochs")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS), help="all of them")
    given = parser.parse_args()
    classes, rows, test, epochs = (20, 10, 200, 6.0) if given.quick else (60, 20, 1000, 10.0)
    first, second = (some_classes(name, classes, rows, test) for name in ("banking77", "clinc150"))
    general = probe(load_base(BASE)).values
    print(
        f"{classes} classes of each, {len(first.train)} and {len(second.train)} rows, {epochs:g} epochs a stage,"
    )
    untuned = 100 * sum(general) / len(general)
    print(
        f"{len(first.test)} and {len(second.test)} test rows; general probe of the untuned base {untuned:.1f}"
    )
    print(
        "| second stage | banking77 after stage 1 | after stage 2 | clinc150 | general | s |\n|---|---|---|---|---|---|"
    )
    starts: dict[str, Path] = {}
    with tempfile.TemporaryDirectory() as place:
        for name in given.ways:
            print(
                f"| {name} | {' | '.join(measured(WAYS[name], first, second, epochs, starts, Path(place)))} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
