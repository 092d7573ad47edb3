"""What holds a training near its start: by hand, in a training, and refused where it would hold nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.loss import Loss
from overtone.engine.row import Row
from overtone.objectives.objective import Objective
from overtone.train.anchors.anchor import Anchor
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried
from overtone.train.earlier import Earlier
from overtone.train.held import fisher_of, held
from overtone.train.joined import anchored
from overtone.train.stage import Stage
from overtone.train.together import Kind
from overtone.train.tune import Tuning, objective_of, start
from tests.train.rows import tuning
from tests.train.test_carry import stage, trained

SmallBase = Callable[[str], Path]


class Line(nn.Module):
    """Two weights: the body of a logistic regression."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([0.5, -0.25]))


class Logistic(Objective):
    """-log sigmoid(y w.x), where a row's tokens are x and y."""

    def loss(self, learner: Any, rows: Any, task: Task) -> Loss:
        total = sum(
            -nn.functional.logsigmoid(
                row.tokens[2] * (learner.body.weight @ torch.tensor(row.tokens[:2]).float())
            )
            for row in rows
        )
        return Loss(total=torch.as_tensor(total), units=len(rows))


def test_the_fisher_of_a_logistic_regression_by_hand() -> None:
    """The gradient of a row is -y x (1 - sigmoid(y w.x)); with w = (1/2, -1/4):

    x = (1, 2), y = 1: w.x = 0, so 1 - 1/2 = 1/2 and squares (1/4, 1);
    x = (2, 0), y = -1: w.x = 1, so 1 - sigmoid(-1) = 0.7310586 and squares (4 * 0.5344466, 0).
    """
    learner = Learner(Line())
    rows = [Row((1, 2, 1)), Row((2, 0, -1))]
    (found,) = fisher_of([(Kind(learner, Logistic(), Task.model_validate("classify")), rows)])
    assert found.tolist() == pytest.approx([(0.25 + 4 * 0.5344466) / 2, 0.5], abs=1e-6)


@pytest.mark.parametrize(
    ("fisher", "cost"), [(None, 0.5 * 3 * (0.04 + 0.09)), ([2.0, 1.0], 0.5 * 3 * (0.08 + 0.09))]
)
def test_the_pull_is_the_gradient_of_the_cost(fisher: list[float] | None, cost: float) -> None:
    learner = Learner(Line())
    found = held(learner, 3.0, None if fisher is None else [torch.tensor(fisher)])
    with torch.no_grad():
        learner.body.weight += torch.tensor([0.2, -0.3])
    learner.body.weight.grad = torch.tensor([1.0, 1.0])
    assert found.cost() == pytest.approx(cost)
    found.pull()
    wanted = [1 + 3 * (fisher or [1, 1])[0] * 0.2, 1 - 3 * (fisher or [1, 1])[1] * 0.3]
    assert learner.body.weight.grad.tolist() == pytest.approx(wanted)


def second(small_base: SmallBase, first: Artifact, place: Path, **settings: Any) -> Tuning:
    """A stage on the same small rows under new labels, after a first one."""
    drawn = {"name": "classify", "head_start": "random"}  # so that the body has to move
    job, carried = (
        tuning(small_base, "bert", "classify", stage("full", objective=drawn, **settings)),
        Carried(place, "continue"),
    )
    known = Earlier(first.card.task, first.card.labels, job.train[:40], place)
    return replace(
        job,
        base=carried.base("float32"),
        carried=carried,
        earlier=(known,),
        labels=tuple(reversed(first.card.labels)),
    )


def moved(artifact: Artifact, start: Artifact) -> float:
    pairs = zip(artifact.learner.body.parameters(), start.learner.body.parameters(), strict=True)
    return float(sum((one - other).detach().square().sum() for one, other in pairs))


@pytest.mark.parametrize(
    "anchor", [{"name": "l2", "strength": 50.0}, {"name": "ewc", "strength": 1e7, "rows": 16}]
)
def test_what_is_held_moves_less(small_base: SmallBase, tmp_path: Path, anchor: dict[str, Any]) -> None:
    first = trained(tuning(small_base, "bert", "classify", stage("full", epochs=3)), tmp_path / "first")
    place = tmp_path / "first" / "model"
    begun = load_artifact(place)
    free = trained(second(small_base, first, place), tmp_path / "free")
    near = trained(second(small_base, first, place, anchor=anchor), tmp_path / "near")
    assert 0 < moved(near, begun) < 0.8 * moved(free, begun)


@pytest.mark.parametrize(
    ("method", "anchor", "message"),
    [
        ("lora", "l2", "'l2' holds the base's own weights, and under the method 'lora' none of them moves"),
        ("full", "ewc", "'ewc' weighs by the rows of earlier stages, and this is the first one: use l2"),
    ],
)
def test_an_anchor_that_would_hold_nothing_is_refused(
    small_base: SmallBase, method: str, anchor: str, message: str
) -> None:
    job = tuning(small_base, "bert", "classify", stage(method, anchor=anchor))
    objective = objective_of(job)
    with pytest.raises(UserError, match=message):
        anchored(job.stage, start(job, objective), objective, (), 0)


@pytest.mark.parametrize("name", Anchor.all())
def test_a_stage_with_an_anchor_says_the_same_again(name: str) -> None:
    found = Stage.model_validate({"anchor": {"name": name, "strength": 2.0}})
    assert Stage.model_validate(found.model_dump(mode="json")) == found
