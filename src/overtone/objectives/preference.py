"""What all objectives on pairs share: each answer has a reward, and a pair's loss is made of its two.

A `Referenced` one measures rewards against the untuned base (Rafailov et al. 2023, arXiv 2305.18290, section 4); others
read the model alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.answering import answering
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Preference(Objective):
    """A loss of the rewards of a chosen and of a rejected answer (abstract: it has no name)."""

    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"prefer"})
    rate_share: ClassVar[float] = 1 / 3  # a pair says little and is soon known by heart
    referenced: ClassVar[bool] = False  # whether rewards ask how likely the untuned base found an answer

    def rewards(self, totals: "Tensor", answers: "Sequence[Row]") -> "Tensor":
        """The reward of each answer, given the log-probability of all that is learned of it: both (answers,)."""
        raise NotImplementedError

    def read(self, learner: "Learner", answers: "Sequence[Row]") -> "Tensor":
        """The reward of each answer to the learner as it is: (answers,)."""
        from overtone.engine.totals import total_log_probabilities

        return self.rewards(total_log_probabilities(learner.body, answers), answers)

    def reference_point(self, learner: "Learner", rows: "Sequence[Row]") -> "Tensor | float":
        """The reward from which the others are counted in a batch; it has no gradient."""
        return 0.0

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """The loss of each pair, given the rewards of its answers: all (pairs,)."""
        raise NotImplementedError

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The chosen answer's conversation with the rejected one's in it; only the last answer counts in each."""
        chosen, rejected = (answering(base, messages) for messages in example.conversations)
        return replace(chosen, rejected=rejected)

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over pairs; `accuracy` counts those with a margin above 0, `margin` adds the margins up."""
        from overtone.engine.loss import Loss

        rewards = self.read(learner, [answer for row in rows for answer in (row, row.rejected) if answer])
        chosen, rejected = (rewards - self.reference_point(learner, rows)).view(-1, 2).unbind(-1)
        margins = (chosen - rejected).detach()
        sums = {"accuracy": (margins > 0).sum().item(), "margin": margins.sum().item()}
        return Loss(total=self.losses(chosen, rejected).sum(), units=len(rows), sums=sums)

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The more pairs ordered rightly the better, as the task judges; among equals the one with the lower loss."""
        return (means["accuracy"], -means["loss"])


class Referenced(Preference):
    """Rewards are `beta` times the log of how much likelier the model finds an answer than the untuned base did."""

    referenced: ClassVar[bool] = True

    beta: float = Field(0.1, gt=0, description="how strongly the model is held to the base")

    def prepare(self, rows: "Sequence[Row]", base: "Base") -> "list[Row]":
        """The log-probability of every answer under the untuned base, once for the whole training."""
        from overtone.engine.reference import with_references

        return with_references(base.description.name, base.model, rows)

    def rewards(self, totals: "Tensor", answers: "Sequence[Row]") -> "Tensor":
        """Of each answer, by its reference: (answers,)."""
        return self.beta * (totals - totals.new_tensor([answer.reference for answer in answers]))


def lengths(answers: "Sequence[Row]") -> list[int]:
    """How many tokens of each answer count: the learned ones that have a predecessor."""
    return [sum(answer.learned[1:]) for answer in answers]
