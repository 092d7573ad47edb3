"""All objectives on pairs: after some training, loss and gradient are those of the formula over full logits."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from overtone.core.example import Example, Message
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.models.base import Base, load_base
from overtone.objectives.objective import Objective
from overtone.objectives.preference import Preference
from tests.objectives.pairs import TASK

SmallBase = Callable[[str], Path]
Gains = tuple[
    Tensor, Tensor
]  # of the chosen and of the rejected answers over the base, in nats: (pairs,) each
ANSWERS = [("yes please", "no"), ("a b c", "d e f g"), ("far", "near and near")]
EXAMPLES = [
    Example(str(index), messages=(Message("user", f"ask {index}"), Message("assistant", good)), rejected=bad)
    for index, (good, bad) in enumerate(ANSWERS)
]


def log_probability(base: Base, row: Row) -> Tensor:
    """Of all learned tokens of a row, from the full logits: a number."""
    tokens = torch.tensor(row.tokens)
    logits = base.model(input_ids=tokens[None]).logits[0, :-1]
    found = logits.double().log_softmax(-1).gather(1, tokens[1:, None])[:, 0]
    return found[torch.tensor(row.learned[1:])].sum()


def ipo(gains: Gains, means: Gains, moved: Tensor) -> Tensor:
    return (gains[0] - gains[1] - 1 / (2 * 0.1)) ** 2


def dpo(gains: Gains, means: Gains, moved: Tensor) -> Tensor:
    return torch.log1p(torch.exp(-0.1 * (gains[0] - gains[1])))


def simpo(gains: Gains, means: Gains, moved: Tensor) -> Tensor:
    return torch.log1p(torch.exp(-(2 * means[0] - 2 * means[1] - 1)))


def orpo(gains: Gains, means: Gains, moved: Tensor) -> Tensor:
    odds = [mean.exp() / (1 - mean.exp()) for mean in means]
    return -means[0] + 0.1 * torch.log1p(odds[1] / odds[0])


def kto(gains: Gains, means: Gains, moved: Tensor) -> Tensor:
    good = 1 / (1 + torch.exp(-0.1 * (gains[0] - moved)))
    bad = 1 / (1 + torch.exp(-0.1 * (moved - gains[1])))
    return (1 - good + 1 - bad) / 2


FORMULAS = {"dpo": dpo, "ipo": ipo, "kto": kto, "orpo": orpo, "simpo": simpo}


def plain(name: str, base: Base, rows: list[Row]) -> Tensor:
    """The formula, summed over pairs; `moved` is the mean gain of what stands third in a row, where something does."""
    of_rows = [torch.stack([log_probability(base, answer) for answer in row.answers]) for row in rows]
    totals = torch.stack(of_rows).unbind(-1)
    gains, means = [], []
    for index, total in enumerate(totals):
        answers = [row.answers[index] for row in rows]
        gains.append(total - torch.tensor([answer.reference for answer in answers]))
        means.append(total / torch.tensor([sum(answer.learned) for answer in answers]))
    moved = gains[2].mean().detach().clamp(min=0) if gains[2:] else torch.tensor(0.0)
    return FORMULAS[name]((gains[0], gains[1]), (means[0], means[1]), moved).sum()


def test_the_table_of_formulas_names_every_objective_on_pairs() -> None:
    pairwise = {name: part for name, part in Objective.all().items() if issubclass(part, Preference)}
    assert FORMULAS.keys() == {name for name, part in pairwise.items() if not part.head}


@pytest.mark.parametrize("name", FORMULAS)
def test_loss_and_gradient_are_those_of_the_formula(small_base: SmallBase, name: str) -> None:
    base = load_base(str(small_base("llama")))
    part = Objective.find(name)()
    rows = part.prepare([part.row(example, base, TASK, ()) for example in EXAMPLES], base)
    with torch.no_grad():  # less sure of anything, so that mismatched answers gain too
        for weight in base.model.parameters():
            weight.mul_(0.7)
    learner, weights = Learner(base.model).eval(), list(base.model.parameters())
    assert (part.reference_point(learner, rows) > 0) == any(row.answers[2:] for row in rows)
    loss = part.loss(learner, rows, TASK)
    wanted = plain(name, base, rows)
    assert loss.total.item() == pytest.approx(wanted.item(), rel=1e-5)
    found = torch.autograd.grad(loss.total, weights)
    for one, other in zip(found, torch.autograd.grad(wanted, weights), strict=True):
        assert torch.allclose(one, other, atol=1e-5, rtol=1e-4)
