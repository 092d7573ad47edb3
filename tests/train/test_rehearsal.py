"""Rows of earlier stages among a stage's own, each under the head of its own task; resumed to the bit."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.objectives.objective import Objective
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried
from overtone.train.earlier import Earlier
from overtone.train.joined import joined
from overtone.train.loop import evaluate_rows
from overtone.train.report import Step
from overtone.train.tune import Tuning, objective_of, start, tune
from tests.train.rows import labelled, tuning
from tests.train.test_carry import stage, trained

SmallBase = Callable[[str], Path]
SWAPPED = {"sun": "tree", "rain": "far", "wind": "go"}  # the second task: which of other words


def renamed(rows: list[Example]) -> list[Example]:
    """Another task on texts that look alike."""
    return [replace(row, labels=(SWAPPED[row.labels[0]],)) for row in rows]


def second(small_base: SmallBase, place: Path, **settings: Any) -> Tuning:
    job = tuning(small_base, "bert", "classify", stage("full", **settings))
    carried = Carried(place, "continue")
    known = Earlier(job.task, job.labels, job.train, place)
    return replace(
        job,
        base=carried.base("float32"),
        carried=carried,
        earlier=(known,),
        labels=tuple(SWAPPED.values()),
        train=renamed(labelled(120, 5)),
        validation=renamed(labelled(20, 6)),
    )


@pytest.fixture
def first(small_base: SmallBase, tmp_path: Path) -> Path:
    trained(
        tuning(small_base, "bert", "classify", stage("full", epochs=4, learning_rate=1e-3)),
        tmp_path / "first",
    )
    return tmp_path / "first" / "model"


def loss_of_the_first_task(small_base: SmallBase, body: Artifact, place: Path) -> float:
    job = tuning(small_base, "bert", "classify", stage("full"))
    old = load_artifact(place)
    old.learner.body = body.learner.body
    objective = Objective.find("classify")()
    rows = [objective.row(row, job.base, job.task, job.labels) for row in job.validation]
    return evaluate_rows(old.learner, objective, job.task, rows)["loss"]


def test_rehearsed_rows_keep_the_first_task_under_its_own_head(
    small_base: SmallBase, tmp_path: Path, first: Path
) -> None:
    rates = {"epochs": 3, "learning_rate": 1e-3}
    plain = trained(second(small_base, first, **rates), tmp_path / "plain")
    settings = {**rates, "curriculum": {"name": "rehearsal", "share": 0.4}}
    kept = trained(second(small_base, first, **settings), tmp_path / "kept")
    before = loss_of_the_first_task(small_base, load_artifact(first), first)
    forgotten, rehearsed = (loss_of_the_first_task(small_base, one, first) for one in (plain, kept))
    assert rehearsed - before < 0.7 * (forgotten - before)
    assert kept.card.labels == tuple(SWAPPED.values())
    head = load_artifact(tmp_path / "kept" / "model").learner.head
    assert head is not None and sum(weight.numel() for weight in head.parameters()) == 3 * 33


def test_the_loss_is_that_of_each_row_under_its_own_head(small_base: SmallBase, first: Path) -> None:
    job = second(small_base, first, curriculum="rehearsal")
    objective = objective_of(job)
    artifact = start(job, objective)
    rows = [objective.row(row, job.base, job.task, job.labels) for row in job.train]
    whole = joined(job.stage, artifact, objective, rows, job.earlier, 0)
    artifact.learner.eval()
    own, others = whole.rows[:4], whole.rows[120:124]
    both = whole.objective.loss(artifact.learner, [own[0], others[0], own[1], others[1]], job.task)
    alone = objective.loss(artifact.learner, own[:2], job.task)
    old = load_artifact(first).learner
    old.body = artifact.learner.body
    assert torch.allclose(
        both.total, alone.total + objective.loss(old, others[:2], job.task).total, atol=1e-5
    )
    assert both.units == 4


@pytest.mark.parametrize(
    "settings",
    [
        {"curriculum": {"name": "rehearsal", "share": 0.3}, "anchor": {"name": "ewc", "rows": 8}},
        {"curriculum": {"name": "mix", "temperature": 2}},
        {"curriculum": {"name": "by_difficulty", "epochs": 2}, "anchor": "l2"},
    ],
)
def test_a_killed_stage_goes_on_to_the_bit(
    small_base: SmallBase, tmp_path: Path, first: Path, settings: dict[str, Any]
) -> None:
    whole = {**settings, "epochs": 2, "checkpoint_steps": 3}
    trained(second(small_base, first, **whole), tmp_path / "oracle")
    steps = 0
    for report in tune(
        second(small_base, first, **whole), tmp_path / "cut" / "checkpoints", tmp_path / "cut" / "model"
    ):
        steps += isinstance(report, Step)
        if steps == 8:
            break
    trained(second(small_base, first, **whole), tmp_path / "cut")
    for name in ("model.safetensors", "head.safetensors"):
        assert (tmp_path / "cut" / "model" / name).read_bytes() == (
            tmp_path / "oracle" / "model" / name
        ).read_bytes()


def test_rows_are_ordered_by_the_losses_of_the_untuned_model(small_base: SmallBase) -> None:
    settings = {"curriculum": {"name": "by_difficulty", "measure": "loss", "start": 0.05}}
    job = tuning(small_base, "llama", "answer", stage("lora", **settings))
    objective = objective_of(job)
    artifact = start(job, objective)
    rows = [objective.row(row, job.base, job.task, ()) for row in job.train]
    whole = joined(job.stage, artifact, objective, rows, (), 0)
    lengths = [row.size for row in whole.rows]
    opened = whole.stage.curriculum.steps(lengths, 6, 0, 0)[0]
    losses = [evaluate_rows(artifact.learner, objective, job.task, [row])["loss"] for row in rows]
    assert max(losses[row] for row in opened) <= sorted(losses)[6]


@pytest.mark.parametrize(
    ("model", "task", "settings", "message"),
    [
        (
            "bert",
            "classify",
            "rehearsal",
            "'rehearsal' needs other rows: name a file in its data, or put a stage",
        ),
        (
            "bert",
            "classify",
            {"name": "by_difficulty", "measure": "loss"},
            "'classify' gives no loss that tells easy rows from hard ones: measure them by length",
        ),
    ],
)
def test_what_a_curriculum_lacks_is_said(
    small_base: SmallBase, tmp_path: Path, model: str, task: str, settings: Any, message: str
) -> None:
    job = tuning(small_base, model, task, stage("full", curriculum=settings))
    with pytest.raises(UserError, match=message):
        trained(job, tmp_path)
