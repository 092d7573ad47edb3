"""Kahneman-Tversky optimisation: each answer is a gain or a loss of its own, with less felt the further it goes.

Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic Optimization", arXiv 2402.01306, equation 7 of the
first version. Answers are marked good or bad, each on its own; of a pair, the chosen one is good and the rejected one
bad, and the loss is the mean of the two.

Gains are counted from an estimate of how far the whole model has moved from the base (its Kullback-Leibler divergence),
made as the paper does: the mean reward of mismatched answers, at least 0. Every row's prompt is read with an answer of
the next row with another prompt, of pairs by turns a chosen and a rejected one, and the mean is over the rows of one
forward pass.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.approve import BAD, GOOD
from overtone.engine.row import Row
from overtone.objectives.answering import answering
from overtone.objectives.preference import Referenced

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.models.base import Base


@dataclass(frozen=True, slots=True)
class ComparedRow(Row):
    """A pair with its prompt once more, before an answer that belongs to another."""

    mismatched: tuple[Row, ...] = ()

    @property
    def answers(self) -> tuple[Row, ...]:
        """The sequences that a model reads for this row."""
        own = (self, self.rejected) if self.rejected else (self,)
        return (*own, *self.mismatched)


@dataclass(frozen=True, slots=True)
class MarkedRow(ComparedRow):
    """An answer that is good or bad on its own."""

    good: bool = True

    @property
    def units(self) -> int:
        """One answer."""
        return 1


class Kto(Referenced):
    """The utility that good answers lack as gains and bad ones as losses, over what any answer has gained.

    Of answers marked one by one the rarer kind weighs as much more, so that both count alike, as the paper advises.
    """

    name: ClassVar[str] = "kto"
    tasks: ClassVar[frozenset[str]] = frozenset({"prefer", "approve"})

    desirable_weight: float | None = Field(
        None, gt=0, description="weight of good answers; as the other kind where absent"
    )
    undesirable_weight: float | None = Field(
        None, gt=0, description="weight of bad answers; as the other kind where absent"
    )

    def fitted(self, train: Sequence[Example]) -> Self:
        """With weights under which both kinds count alike, where none is set."""
        counts = Counter(row.labels[0] for row in train if not row.rejected)
        most = max(counts.values(), default=1)
        good, bad = (most / counts[kind] if counts[kind] else 1.0 for kind in (GOOD, BAD))
        return self.model_copy(
            update={
                "desirable_weight": self.desirable_weight or good,
                "undesirable_weight": self.undesirable_weight or bad,
            }
        )

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """A pair, or the conversation with the answer that is marked."""
        if example.rejected:
            return super().row(example, base, task, labels)
        (conversation,) = example.question.conversations
        read = answering(base, conversation)
        return MarkedRow(read.tokens, read.learned, source=read.source, good=example.labels == (GOOD,))

    def prepare(self, rows: "Sequence[Row]", base: "Base") -> "list[Row]":
        """The references of every pair, and of a mismatched answer for each; none is longer than the longest row."""
        limit = max((row.longest for row in rows), default=0)
        others = [
            _mismatched(row, other.answers[turn % len(other.answers)], limit)
            for row, other, turn in zip(rows, _strangers(rows), cycle((0, 1)))
        ]
        found = zip(super().prepare(rows, base), super().prepare(others, base), strict=True)
        return [_compared(row, other) for row, other in found]

    def reference_point(self, learner: "Learner", rows: "Sequence[Row]") -> "Tensor":
        """The mean reward of the mismatched answers of a batch, at least 0: a number."""
        import torch

        from overtone.engine.totals import total_log_probabilities

        others = [other for row in rows if isinstance(row, ComparedRow) for other in row.mismatched]
        with torch.no_grad():
            return self.rewards(total_log_probabilities(learner.body, others), others).mean().clamp(min=0)

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """The weight of each answer less its utility, meaned over the two of a pair: (pairs,)."""
        return (self.lacking(chosen, True) + self.lacking(rejected, False)) / 2

    def lacking(self, rewards: "Tensor", good: bool) -> "Tensor":
        """The weight of each answer less its utility, given its reward over the reference point: (answers,)."""
        if good:
            return (self.desirable_weight or 1.0) * (-rewards).sigmoid()
        return (self.undesirable_weight or 1.0) * rewards.sigmoid()

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over pairs, or over answers: `right` counts those on their side of the reference point."""
        marked = [row for row in rows if isinstance(row, MarkedRow)]
        if not marked:
            return super().loss(learner, rows, task)
        from overtone.engine.loss import Loss

        rewards = self.read(learner, marked) - self.reference_point(learner, rows)
        good = rewards.new_tensor([row.good for row in marked]).bool()
        total = self.lacking(rewards[good], True).sum() + self.lacking(rewards[~good], False).sum()
        return Loss(total=total, units=len(marked), sums={"right": ((rewards > 0) == good).sum().item()})

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """Pairs ordered rightly go first; of answers marked one by one the loss decides."""
        return super().quality(means) if "accuracy" in means else (-means["loss"],)


def _strangers(rows: "Sequence[Row]") -> "list[Row]":
    """For each row the next one with another prompt; the next one where all have the same."""
    prompts = [row.tokens[: row.learned.index(True)] for row in rows]
    found: list[Row] = []
    other = 0
    for place, prompt in enumerate(prompts):
        other = max(other, place + 1)
        while other < place + len(rows) and prompts[other % len(rows)] == prompt:
            other += 1
        found.append(rows[(other if other < place + len(rows) else place + 1) % len(rows)])
    return found


def _compared(row: Row, other: Row) -> Row:
    """A row with the mismatched one."""
    if isinstance(row, MarkedRow):
        return replace(row, mismatched=(other,))
    return ComparedRow(
        row.tokens, row.learned, (), row.rejected, row.reference, row.source, mismatched=(other,)
    )


def _mismatched(row: Row, other: Row, limit: int) -> Row:
    """The prompt of one row with the answer of another, cut so that it is no longer than `limit`."""
    prompt, start = row.learned.index(True), other.learned.index(True)
    tokens = (*row.tokens[:prompt], *other.tokens[start:])
    learned = (*row.learned[:prompt], *other.learned[start:])
    end = row.source + limit  # an encoder-decoder's limit is that of each side
    return Row(tokens[:end], learned[:end], source=row.source)
