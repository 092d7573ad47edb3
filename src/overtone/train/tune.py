"""Tune a base by one stage: rows from examples, the learner, the loop, the artifact."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.activations import check_activations
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.machine import machine_of
from overtone.engine.masters import take_type
from overtone.engine.row import Row
from overtone.models.base import Base
from overtone.objectives.objective import Objective
from overtone.train.artifact import Artifact, ArtifactCard, base_digest, make_learner, save_artifact
from overtone.train.checkpoint import Checkpoints
from overtone.train.loop import Training
from overtone.train.optimizer import learned_weights
from overtone.train.report import LeftOut, Report
from overtone.train.stage import Stage


@dataclass(frozen=True)
class Tuning:
    """What is tuned on what."""

    base: Base  # loaded for this tuning alone: training changes its weights
    task: Task
    labels: tuple[str, ...]
    train: Sequence[Example]
    validation: Sequence[Example]
    stage: Stage
    seed: int


def objective_of(tuning: Tuning) -> Objective:
    """The stage's objective, or the usual one for the task and the kind of base."""
    return tuning.stage.objective or Objective.usual(tuning.task, tuning.base.description.kind)


def tune(tuning: Tuning, checkpoints: Path, output: Path) -> Generator[Report, None, Artifact]:
    """Train and yield each report; the finished artifact is saved in `output` and returned."""
    objective = objective_of(tuning)
    _check(tuning, objective)
    rows = make_rows(tuning, objective, tuning.train, "training")
    validation = make_rows(tuning, objective, tuning.validation, "validation")
    for what, examples, kept in (
        ("training", tuning.train, rows),
        ("validation", tuning.validation, validation),
    ):
        if len(kept) < len(examples):
            yield LeftOut(what, len(examples) - len(kept), len(examples))
    rows, validation = (objective.prepare(kept, tuning.base) for kept in (rows, validation))
    artifact = start(tuning, objective)
    yield machine_of(artifact.learner.body)
    yield layout_of(artifact.learner.body)
    yield from Training(
        artifact.learner,
        objective,
        tuning.task,
        tuning.stage,
        rows,
        validation,
        tuning.seed,
        Checkpoints(checkpoints),
    )
    save_artifact(artifact, output)
    return artifact


def start(tuning: Tuning, objective: Objective) -> Artifact:
    """The model before its first step; UserError where the parts do not fit together."""
    _check(tuning, objective)
    body = tuning.stage.method.attach(tuning.base.model, tuning.seed)
    check_activations(tuning.stage.activations, body)
    labels = tuning.labels if objective.head else ()
    learner = make_learner(tuning.base, body, labels, getattr(objective, "dropout", 0.0), tuning.seed)
    take_type(learner, plain(body))
    if not learned_weights(learner):
        raise UserError(
            f"stages[0].method: '{tuning.stage.method.name}' leaves nothing to learn under the objective "
            f"'{objective.name}': choose lora or full"
        )
    name = lasting_name(tuning.base.description.name)
    card = ArtifactCard(
        base=name,
        base_sha256=base_digest(name),
        task=tuning.task,
        method=tuning.stage.method,
        objective=objective,
        labels=labels,
    )
    return Artifact(card, tuning.stage.method.tuned(tuning.base, body), learner)


def lasting_name(base: str) -> str:
    """The base's name, in full where it is a folder, so that the artifact finds it from any place."""
    folder = Path(base).expanduser()
    return str(folder.resolve()) if folder.is_dir() else base


def make_rows(tuning: Tuning, objective: Objective, examples: Sequence[Example], what: str) -> list[Row]:
    """Rows of tokens for the examples; rows over the context are refused or dropped, never cut."""
    rows = [objective.row(example, tuning.base, tuning.task, tuning.labels) for example in examples]
    context = tuning.base.description.context - tuning.stage.method.positions
    fitting = [row for row in rows if row.longest <= context]
    if len(fitting) < len(rows) and tuning.stage.long_rows == "refuse":
        longest, place = max((row.longest, example.source) for row, example in zip(rows, examples))
        raise UserError(
            f"{len(rows) - len(fitting)} of {len(rows)} {what} rows are longer than the {context} tokens that "
            f"'{tuning.base.description.name}' reads (the longest, {place}, has {longest}): shorten them, choose a "
            "base with a longer context, or set stages.0.long_rows: drop"
        )
    learnable = [row for row in fitting if row.units]
    if not learnable and what == "training":
        reason = "with anything to learn" if fitting else f"within the {context} tokens that the base reads"
        raise UserError(f"no training row is left {reason}: see `overtone data show` for what is trained")
    return learnable


def _check(tuning: Tuning, objective: Objective) -> None:
    kind, asks = tuning.base.description.kind, tuning.task.asks
    if kind not in objective.kinds:
        raise UserError(
            f"stages[0].objective: '{objective.name}' needs a base of kind {' or '.join(sorted(objective.kinds))}, and "
            f"'{tuning.base.description.name}' is a(n) {kind}: choose another base or objective"
        )
    if asks not in objective.tasks:
        raise UserError(
            f"stages[0].objective: '{objective.name}' does not train for the task '{tuning.task.name}': leave the "
            f"objective out, or use '{tuning.task.objective}'"
        )
