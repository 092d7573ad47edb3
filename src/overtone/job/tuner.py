"""Trains a candidate inside a run: resumes what was begun, tells each step, keeps references for parity."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any

from overtone.core.answer import System
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.layout import Layout, layout_of
from overtone.engine.machine import Machine
from overtone.job.answering import metric_of_answers
from overtone.job.candidate import (
    REFERENCES_FILE,
    artifact_folder,
    references_file,
    take_references,
    write_references,
)
from overtone.job.forgetting import forgetting_of
from overtone.job.mixture import ALONE, alone_stage, judged_tasks
from overtone.job.rewards import judge_of
from overtone.job.stages import Part, beside_of, parts_of, tasks_of
from overtone.job.vocabulary import vocabulary_of
from overtone.models.base import load_base
from overtone.runs.write import write_json
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried, finished, places_of
from overtone.train.checkpoint import Checkpoints
from overtone.train.earlier import Earlier
from overtone.train.optimizer import learned_weights
from overtone.train.report import Again, LeftOut, Remark, Report, Step, Validation
from overtone.train.shared import TaskRows
from overtone.train.stage import Stage
from overtone.train.tune import Tuning, make_rows, objective_of, sampler_of, start, task_parts, tune
from overtone.train.vocabulary import learned_numbers, with_new_words
from overtone.train.where import in_stage

LOSS, VALIDATION_LOSS = "loss", "validation loss"
TRAINING_FILE = "training.json"


@dataclass(frozen=True)
class Tuner:
    """Calls of it train one candidate each; `checkpoints` is the run's folder for what a resume needs.

    `references` are what parity is checked by; a candidate that is never published needs none. On `test` the tasks of
    a mixture are judged.
    """

    base: str
    task: Task
    labels: tuple[str, ...]
    seed: int
    checkpoints: Path
    references: bool = True
    test: Sequence[Example] = ()

    def __call__(
        self,
        stages: Sequence[Stage],
        train: Sequence[Example],
        validation: Sequence[Example],
        folder: Path,
        watch: Watch,
    ) -> System:
        """Train into `folder`, or load what a run before finished there; the system that the tuned model makes."""
        found = artifact_folder(folder)
        if found is None or not self._complete(folder):
            found = self._train(self.parts(stages, train, validation), folder, watch)
        system = load_artifact(found).system()
        system.facts = json.loads((folder / TRAINING_FILE).read_text(encoding="utf-8"))
        return system

    def _complete(self, folder: Path) -> bool:
        """Whether what is written last is there: the references, or all facts of the training."""
        if self.references:
            return (folder / REFERENCES_FILE).exists()
        facts = folder / TRAINING_FILE
        return facts.exists() and "layout" in json.loads(facts.read_text(encoding="utf-8"))

    def rehearse(
        self, stages: Sequence[Stage], train: Sequence[Example], validation: Sequence[Example]
    ) -> None:
        """UserError where a stage cannot train on its rows; nothing is trained and nothing written."""
        for number, part in enumerate(self.parts(stages, train, validation)):
            with in_stage(number):
                tuning = self.tuning(part)
                objective = objective_of(tuning)
                artifact = start(tuning, objective)
                sampler_of(tuning, objective, artifact)
                task_parts(tuning, artifact, objective, (), ())
                make_rows(tuning, objective, part.train, "training")
                make_rows(tuning, objective, part.validation, "validation")

    def parts(
        self, stages: Sequence[Stage], train: Sequence[Example], validation: Sequence[Example]
    ) -> list[Part]:
        """Each stage with its rows: its own, or these."""
        plan_rows = Part(stages[0], self.task, self.labels, train, validation, validation)
        return parts_of(stages, plan_rows, self.seed)

    def tuning(self, part: Part, before: Path | None = None, earlier: Sequence[Earlier] = ()) -> Tuning:
        """What is tuned on what, with a base of its own; `before` is the artifact of the stage before."""
        stage, judge = part.stage, partial(judge_of, part.task)
        carried = Carried(before, stage.carry or "merge") if before else None
        base = carried.base(stage.precision) if carried else load_base(self.base, stage.precision, True)
        rows, beside = (part.train, part.validation), beside_of(part, self.seed)
        tasks = tasks_of(part, self.seed)
        tuning = Tuning(
            base,
            part.task,
            part.labels,
            *rows,
            stage,
            self.seed,
            judge,
            carried,
            tuple(earlier),
            beside,
            tasks,
            partial(metric_of_answers, part.task),
        )
        return with_new_words(tuning)

    def _train(self, parts: Sequence[Part], folder: Path, watch: Watch) -> Path:
        """Train each stage that is not finished, then keep what parity is checked by and what was forgotten."""
        clock, places = Clock(folder / TRAINING_FILE), places_of([part.stage for part in parts], folder)
        before: Path | None = None
        earlier: list[Earlier] = []
        for number, (part, output) in enumerate(zip(parts[:-1], places), 1):
            name = f"{folder.name}, stage {number}"
            if not finished(output):
                with in_stage(number - 1):
                    self._learn(self.tuning(part, before, earlier), name, output, clock, watch)
                Checkpoints(self.checkpoints / name).drop_numbered()
            before = output
            earlier.append(Earlier(part.task, part.labels, part.train, output))
        with in_stage(len(parts) - 1):
            tuning = self.tuning(parts[-1], before, earlier)
            artifact = self._learn(tuning, folder.name, places[-1], clock, watch)
        learner, told = artifact.learner, parts[-1].stage.method.facts(artifact.base)
        for name, text in told.items():
            words = text.replace("\n", "; ")
            watch(Event(folder.name, message=f"{name}: {words}"))
        clock.keep(
            trainable_parameters=sum(map(learned_numbers, learned_weights(learner).values())),
            layout=layout_of(learner.body).name,
            **told,
        )
        if parts[-1].stage.precision != "float32":  # what was trained in less answers in float32, or packed
            artifact = load_artifact(places[-1])
        if self.references:
            clock.add(forgetting=json.dumps(forgetting_of(parts, places, artifact, self.base, self.seed)))
            if any(part.stage.new_words for part in parts):
                clock.add(vocabulary=json.dumps(vocabulary_of(self.base, artifact.base.tokenizer, self.test)))
            if tuning.tasks:
                alone = partial(self._alone, parts[-1].stage, before, earlier, folder, watch)
                self._prove_tasks(tuning, artifact, alone, clock)
            write_references(take_references(artifact, parts[-1].validation), folder / REFERENCES_FILE)
        Checkpoints(self.checkpoints / folder.name).drop_numbered()
        return places[-1]

    def _prove_tasks(
        self, tuning: Tuning, artifact: Artifact, alone: Callable[[TaskRows], Artifact], clock: "Clock"
    ) -> None:
        """Keep how well each task of a mixture is done, and what the parity of the further heads is checked by."""
        folder = clock.path.parent
        clock.add(tasks=json.dumps(judged_tasks(tuning, artifact, self.test, alone)))
        rmtree(folder / ALONE, ignore_errors=True)
        for one in tuning.tasks:
            found = take_references(artifact.under(one.name), one.validation)
            write_references(found, folder / references_file(one.name))

    def _alone(
        self,
        stage: Stage,
        before: Path | None,
        earlier: Sequence[Earlier],
        folder: Path,
        watch: Watch,
        task: TaskRows,
    ) -> Artifact:
        """One task of a mixture learned by itself, in the same way and from the same start."""
        name, place = f"{folder.name}, {task.name} alone", folder / ALONE / task.name
        part = Part(alone_stage(stage, task), task.task, task.labels, task.train, task.validation, ())
        tuning = self.tuning(part, before, earlier)
        found = self._learn(tuning, name, place / stage.method.folder, Clock(place / TRAINING_FILE), watch)
        Checkpoints(self.checkpoints / name).drop_numbered()
        return found

    def _learn(self, tuning: Tuning, name: str, output: Path, clock: "Clock", watch: Watch) -> Artifact:
        """One stage, from where it was interrupted."""
        reports = tune(tuning, self.checkpoints / name, output)
        while True:
            try:
                report = next(reports)
            except StopIteration as done:
                artifact: Artifact = done.value
                return artifact
            tell(report, name, watch)
            if isinstance(report, Validation):
                clock.keep()


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

    def add(self, **facts: Any) -> None:
        """Write further facts beside those that are kept; their own making is not counted as training."""
        write_json(self.path, {**json.loads(self.path.read_text(encoding="utf-8")), **facts})


def tell(report: Report, name: str, watch: Watch) -> None:
    """Say what a candidate's training reports as an event; its numbers go into `metrics.jsonl`."""
    if isinstance(report, LeftOut):
        rows = f"{report.rows} of {report.of} {report.what} rows"
        watch(Event(name, message=f"{rows} are left out: over the context, or with nothing to learn"))
    elif isinstance(report, Remark):
        watch(Event(name, message=report.text))
    elif isinstance(report, Machine):
        watch(Event(name, message=str(report)))
    elif isinstance(report, Layout):
        watch(Event(name, message=f"{report.name} layout: {report.reason}"))
    elif isinstance(report, Again):
        tell(report.report, f"{name}, refit", watch)
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
