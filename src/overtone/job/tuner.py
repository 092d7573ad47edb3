"""Trains a candidate inside a run: resumes what was begun, tells each step, keeps references for parity."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overtone.core.answer import System
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.layout import Layout, layout_of
from overtone.engine.machine import Machine
from overtone.job.candidate import REFERENCES_FILE, artifact_folder, take_references, write_references
from overtone.models.base import load_base
from overtone.runs.write import write_json
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.checkpoint import Checkpoints
from overtone.train.optimizer import learned_weights
from overtone.train.report import LeftOut, Report, Step, Validation
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, make_rows, objective_of, start, tune

LOSS, VALIDATION_LOSS = "loss", "validation loss"


@dataclass(frozen=True)
class Tuner:
    """Calls of it train one candidate each; `checkpoints` is the run's folder for what a resume needs."""

    base: str
    task: Task
    labels: tuple[str, ...]
    seed: int
    checkpoints: Path

    def __call__(
        self,
        stages: Sequence[Stage],
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> System:
        """Train into `folder`, or load what a run before finished there; the system that the tuned model makes."""
        finished = artifact_folder(folder)
        if finished is None or not (folder / REFERENCES_FILE).exists():  # the references are written last
            finished = self._train(stages[0], train, validation, folder, watch)
        system = load_artifact(finished).system()
        system.facts = json.loads((folder / "training.json").read_text(encoding="utf-8"))
        return system

    def rehearse(self, stage: Stage, train: Sequence[Example], validation: Sequence[Example]) -> None:
        """UserError where the stage cannot train on these rows; nothing is trained and nothing written."""
        tuning = self._tuning(stage, train, validation)
        objective = objective_of(tuning)
        start(tuning, objective)
        make_rows(tuning, objective, train, "training")
        make_rows(tuning, objective, validation, "validation")

    def _tuning(self, stage: Stage, train: Sequence[Example], validation: Sequence[Example]) -> Tuning:
        return Tuning(
            load_base(self.base, stage.precision), self.task, self.labels, train, validation, stage, self.seed
        )

    def _train(
        self,
        stage: Stage,
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> Path:
        tuning = self._tuning(stage, train, validation)
        output = folder / stage.method.folder
        clock = Clock(folder / "training.json")
        reports = tune(tuning, self.checkpoints / folder.name, output)
        while True:
            try:
                report = next(reports)
            except StopIteration as done:
                artifact: Artifact = done.value
                break
            tell(report, folder.name, watch)
            if isinstance(report, Validation):
                clock.keep()
        learner = artifact.learner
        clock.keep(
            trainable_parameters=sum(weight.numel() for weight in learned_weights(learner).values()),
            layout=layout_of(learner.body).name,
        )
        if stage.precision != "float32":  # what was trained in half precision answers in float32
            artifact = load_artifact(output)
        write_references(take_references(artifact, validation), folder / REFERENCES_FILE)
        Checkpoints(self.checkpoints / folder.name).drop_numbered()
        return output


class Clock:
    """Seconds of training over all starts of a run, kept in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = json.loads(path.read_text())["training_seconds"] if path.exists() else 0.0
        self.begun = time.perf_counter()

    def keep(self, **facts: Any) -> None:
        """Write the seconds so far, with further facts."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        seconds = self.before + time.perf_counter() - self.begun
        write_json(self.path, {"training_seconds": seconds, **facts})


def tell(report: Report, name: str, watch: Watch) -> None:
    """Say what a candidate's training reports as an event; its numbers go into `metrics.jsonl`."""
    if isinstance(report, LeftOut):
        rows = f"{report.rows} of {report.of} {report.what} rows"
        watch(Event(name, message=f"{rows} are left out: over the context, or with nothing to learn"))
    elif isinstance(report, Machine):
        watch(Event(name, message=str(report)))
    elif isinstance(report, Layout):
        watch(Event(name, message=f"{report.name} layout: {report.reason}"))
    elif isinstance(report, Step):
        numbers = {
            LOSS: report.loss,
            **report.means,
            "gradient norm": report.gradient_norm,
            "rate factor": report.factor,
        }
        watch(Event(f"train {name}", report.step, report.steps, numbers))
    else:
        numbers = {f"validation {mean}": value for mean, value in report.means.items()}
        watch(Event(f"train {name}", report.step, report.steps, numbers))
