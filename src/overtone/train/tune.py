"""Tune a base by one stage: rows from examples, the learner, the loop, the artifact."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Any

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.curricula.mix import HEADED
from overtone.engine.activations import check_activations
from overtone.engine.encoder_decoder import rest_unasked
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.machine import machine_of
from overtone.engine.masters import take_type
from overtone.engine.row import Row
from overtone.models.base import QUANTISED, Base
from overtone.models.vocabulary import NewWord
from overtone.objectives.objective import Objective
from overtone.objectives.policy import Policy
from overtone.objectives.policy_reward import RewardSource
from overtone.train.artifact import Artifact, ArtifactCard, base_digest, make_learner, save_artifact
from overtone.train.carry import Carried, model_before
from overtone.train.checkpoint import Checkpoints
from overtone.train.earlier import Earlier
from overtone.train.fitted_head import fit_heads
from overtone.train.held import Held
from overtone.train.joined import anchored, joined
from overtone.train.lineage import read_lineage, rows_digest
from overtone.train.loop import Training
from overtone.train.measured import Measure, check_measured, measured
from overtone.train.mixture import TaskPart
from overtone.train.optimizer import learned_weights
from overtone.train.refit import Refit
from overtone.train.report import Again, LeftOut, Remark, Report
from overtone.train.sampling import Judge, Sampler
from overtone.train.shared import SharedLearner, TaskCard, TaskRows, shared
from overtone.train.stage import Stage
from overtone.train.teacher import check_teacher, prepared
from overtone.train.together import Kind
from overtone.train.untrained import check_no_new_head
from overtone.train.vocabulary import WIDENED, begin_words, told, with_new_words, write_widened


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
    judge: Callable[[RewardSource], Judge] | None = None  # what a source of rewards says of answers
    carried: Carried | None = None  # the stage before, that this one begins from
    earlier: Sequence[Earlier] = ()  # the tasks of the stages before
    beside: Sequence[Earlier] = ()  # rows that its curriculum reads from files of its own
    tasks: Sequence[TaskRows] = ()  # further tasks of a mixture, each with rows and a head of its own
    measure: Measure | None = None  # the task's metric over a model's answers to rows
    words: Sequence[NewWord] = ()  # that the base was given for this tuning


def objective_of(tuning: Tuning) -> Objective:
    """The stage's objective, or the usual one for the task and the kind of base."""
    named = tuning.stage.objective or Objective.usual(tuning.task, tuning.base.description.kind)
    return named.fitted(tuning.train)


def tune(tuning: Tuning, checkpoints: Path, output: Path) -> Generator[Report, None, Artifact]:
    """Train and yield each report; the finished artifact is saved in `output` and returned."""
    tuning = with_new_words(tuning)
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
    with model_before(tuning.base, tuning.carried, objective) as before:
        rows, validation = prepared(objective, before, tuning.task, tuning.labels, (rows, validation))
    artifact = start(tuning, objective)
    yield machine_of(artifact.learner.body)
    yield layout_of(artifact.learner.body)
    for remark in objective.remarks(artifact.learner):
        yield Remark(remark)
    if tuning.stage.new_words:
        yield Remark(told(tuning.words, tuning.stage.new_words))
    held = anchored(tuning.stage, artifact, objective, tuning.earlier, tuning.seed)
    yield from _learn(tuning, artifact, objective, rows, validation, held, checkpoints)
    save_artifact(_upon_new_words(tuning, artifact, output.parent / WIDENED), output)
    rmtree(output.parent / WIDENED, ignore_errors=True)
    return artifact


def _learn(
    tuning: Tuning,
    artifact: Artifact,
    objective: Objective,
    rows: list[Row],
    validation: list[Row],
    held: Held | None,
    checkpoints: Path,
) -> Iterator[Report]:
    """Train, and where the stage asks for it once more on all rows, for as many epochs as validated best."""
    sampler = sampler_of(tuning, objective, artifact)
    others = tuning.beside if tuning.stage.curriculum.sources else tuning.earlier
    goes_on = tuning.carried is not None and tuning.carried.has_head(artifact.card.labels)
    own = TaskPart("own", Kind(artifact.learner, objective, tuning.task), rows, validation)
    tasks = task_parts(tuning, artifact, objective, rows, validation)

    def training(own: TaskPart, tasks: list[TaskPart], kept: Checkpoints, epochs: float) -> Training:
        stage = tuning.stage.model_copy(update={"epochs": epochs})
        whole = joined(stage, artifact, objective, list(own.rows), others, tuning.seed, tasks)
        every = [*own.validation, *whole.validation]
        asked = (artifact.learner, whole.objective, tuning.task, whole.stage, whole.rows, every)
        told = measured(tuning.stage, tuning.measure, artifact, tuning.validation)
        found = Training(*asked, tuning.seed, kept, sampler, held, told)
        if kept.newest() is None:
            parts = tasks or [own]
            fresh = parts[1:] if goes_on else parts
            fit_heads([(one.kind, one.rows) for one in fresh], found.frozen, tuning.seed)
        return found

    refit = Refit(artifact.learner, checkpoints) if tuning.stage.refit and validation else None
    first = training(own, tasks, Checkpoints(checkpoints), tuning.stage.epochs)
    yield from first
    if refit:
        epochs = first.best_epochs
        del first  # and with it the optimizer's moments: the second training brings its own
        refit.begin_again()
        whole = training(own.refitted(), [one.refitted() for one in tasks], refit.kept, epochs)
        yield from map(Again, whole)
        refit.end()


def _upon_new_words(tuning: Tuning, artifact: Artifact, folder: Path) -> Artifact:
    """An adapter that learned new words, with the base that knows them; any other artifact as it is."""
    if not tuning.words or tuning.stage.method.folder == "model":
        return artifact
    name, body = tuning.base.description.name, artifact.learner.body
    return replace(artifact, start=write_widened(name, body, tuning.base.tokenizer, tuning.words, folder))


def task_parts(
    tuning: Tuning, artifact: Artifact, objective: Objective, rows: Sequence[Row], validation: Sequence[Row]
) -> list[TaskPart]:
    """The tasks of a mixture with their rows of tokens, the stage's own first; none where it has no further ones."""
    learner = artifact.learner
    if not isinstance(learner, SharedLearner):
        return []
    name = getattr(tuning.stage.curriculum, "own_name", "own")
    found = [TaskPart(name, Kind(learner, objective, tuning.task), rows, validation)]
    for one in tuning.tasks:
        its, asked = one.objective(_kind(tuning)), replace(tuning, task=one.task, labels=one.labels)
        made = [
            make_rows(asked, its, one.train, "training"),
            make_rows(asked, its, one.validation, "validation"),
        ]
        found.append(TaskPart(one.name, Kind(learner.under(one.name), its, one.task), *made))
    return found


def _cards(tuning: Tuning) -> tuple[TaskCard, ...]:
    """What the artifact says of the further tasks."""
    found = []
    for one in tuning.tasks:
        objective = one.objective(_kind(tuning))
        rows = {"rows": len(one.train), "rows_sha256": rows_digest(one.train)}
        labels = objective.outputs(one.labels)
        found.append(TaskCard(name=one.name, task=one.task, objective=objective, labels=labels, **rows))
    return tuple(found)


def _kind(tuning: Tuning) -> str:
    return tuning.base.description.kind


def sampler_of(tuning: Tuning, objective: Objective, artifact: Artifact) -> Sampler | None:
    """What draws and judges answers, for an objective that learns from rewards."""
    if not isinstance(objective, Policy):
        return None
    if not any(weight.requires_grad for weight in artifact.learner.body.parameters()):
        raise UserError(
            f"stages[0].method: under '{tuning.stage.method.name}' no weight of the base learns, so its answers would "
            f"stay as they are under the objective '{objective.name}': choose lora or full"
        )
    if tuning.judge is None:
        raise ValueError(f"'{objective.name}' learns from rewards and nobody judges")
    most, judge = getattr(tuning.task, "max_tokens", 256), tuning.judge(objective.reward)
    return Sampler(artifact.base, artifact.learner, objective, judge, most, tuning.seed)


def start(tuning: Tuning, objective: Objective) -> Artifact:
    """The model before its first step; UserError where the parts do not fit together."""
    _check(tuning, objective)
    body = tuning.stage.method.attach(tuning.base.model, tuning.seed)
    if _kind(tuning) == "encoder-decoder":
        rest_unasked(body, reads="encoder" in objective.kinds)
    check_activations(tuning.stage.activations, body)
    labels = objective.outputs(tuning.labels)
    dropout = getattr(objective, "dropout", 0.0)
    learner = make_learner(tuning.base, body, labels, dropout, tuning.seed, objective)
    cards, curriculum = _cards(tuning), tuning.stage.curriculum
    if cards:
        rate = (
            getattr(curriculum, "uncertainty_rate", None)
            if getattr(curriculum, "uncertainty", False)
            else None
        )
        learner = shared(learner, cards, tuning.seed, rate)
    check_no_new_head(tuning.stage, learner.head is not None)
    take_type(learner, plain(body))
    if not learned_weights(learner):
        raise UserError(
            f"stages[0].method: '{tuning.stage.method.name}' leaves nothing to learn under the objective "
            f"'{objective.name}': choose lora or full"
        )
    if tuning.carried:
        tuning.carried.take_over(learner, labels)
    begin_words(learner, len(tuning.base.tokenizer) - len(tuning.words), tuning.words)
    card = ArtifactCard(
        **_origin(tuning, objective),
        task=tuning.task,
        method=tuning.stage.method,
        objective=objective,
        precision=tuning.stage.precision if tuning.stage.precision in QUANTISED else "float32",
        labels=labels,
        new_words=len(tuning.words) + (tuning.carried.new_words if tuning.carried else 0),
        own_name=getattr(curriculum, "own_name", "") if cards else "",
        tasks=cards,
    )
    needed = tuning.carried.needed(tuning.stage.method, objective) if tuning.carried else {}
    return Artifact(card, tuning.stage.method.tuned(tuning.base, body), learner, **needed)


def _origin(tuning: Tuning, objective: Objective) -> dict[str, Any]:
    """Base, rows and lineage, as the card says them."""
    seen = (*tuning.train, *tuning.validation) if tuning.stage.refit else tuning.train
    rows = {"rows": len(seen), "rows_sha256": rows_digest(seen)}
    name = lasting_name(tuning.base.description.name)
    if tuning.carried is None:
        return {"base": name, "base_sha256": base_digest(name), "lineage": read_lineage(name), **rows}
    return {**tuning.carried.origin(name, tuning.stage.method, objective), **rows}


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
    kind = tuning.base.description.kind
    usual = Objective.usual(tuning.task, kind)
    if kind not in objective.kinds:
        remedy = f", or use '{usual.name}'" if kind in usual.kinds else ""
        raise UserError(
            f"stages[0].objective: '{objective.name}' needs a base of kind {' or '.join(sorted(objective.kinds))}, and "
            f"'{tuning.base.description.name}' is a(n) {kind}: choose another base{remedy}"
        )
    if not objective.serves(tuning.task):
        raise UserError(
            f"stages[0].objective: '{objective.name}' does not train for the task '{tuning.task.name}': leave the "
            f"objective out, or use '{usual.name}'"
        )
    if tuning.tasks and not objective.head:
        raise UserError(
            f"stages[0].curriculum.tasks: under the objective '{objective.name}' the stage's own task has no head that "
            f"could stand beside others: a mixture has tasks of {', '.join(HEADED)}"
        )
    check_teacher(objective, tuning.base, tuning.labels)
    check_measured(tuning.stage, tuning.task)
