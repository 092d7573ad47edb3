"""Kahneman-Tversky optimisation: each answer is a gain or a loss of its own, with less felt the further it goes.

Ethayarajh et al. 2024, "KTO: Model Alignment as Prospect Theoretic Optimization", arXiv 2402.01306, equation 7 of the
first version. Of a pair, the chosen answer is a desirable one and the rejected an undesirable one, and the loss is the
mean of the two.

Gains are counted from an estimate of how far the whole model has moved from the base (its Kullback-Leibler divergence),
made as the paper does: the mean reward of mismatched answers, at least 0. Every pair's prompt is read with an answer of
the next pair, by turns a chosen and a rejected one, and the mean is over the pairs of one forward pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.engine.row import Row
from overtone.objectives.preference import Referenced

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.models.base import Base


@dataclass(frozen=True, slots=True)
class ComparedRow(Row):
    """A pair with its prompt once more, before an answer that belongs to another."""

    mismatched: tuple[Row, ...] = ()

    @property
    def answers(self) -> tuple[Row, ...]:
        """The three sequences that a model reads for this pair."""
        pair = (self, self.rejected) if self.rejected else (self,)
        return (*pair, *self.mismatched)


class Kto(Referenced):
    """The utility that chosen answers lack as gains and rejected ones as losses, over what any answer has gained."""

    name: ClassVar[str] = "kto"

    desirable_weight: float = Field(1.0, gt=0, description="weight of chosen answers")
    undesirable_weight: float = Field(1.0, gt=0, description="weight of rejected answers")

    def prepare(self, rows: "Sequence[Row]", base: "Base") -> "list[Row]":
        """The references of every pair, and of a mismatched answer for each; none is longer than the longest row."""
        limit = max((row.longest for row in rows), default=0)
        others = [
            _mismatched(row, next_row.answers[turn], limit)
            for row, next_row, turn in zip(rows, (*rows[1:], *rows[:1]), cycle((0, 1)))
        ]
        found = zip(super().prepare(rows, base), super().prepare(others, base), strict=True)
        return [
            ComparedRow(
                row.tokens, row.learned, (), row.rejected, row.reference, row.source, mismatched=(other,)
            )
            for row, other in found
        ]

    def reference_point(self, learner: "Learner", rows: "Sequence[Row]") -> "Tensor":
        """The mean reward of the mismatched answers of a batch, at least 0: a number."""
        import torch

        from overtone.engine.totals import total_log_probabilities

        others = [other for row in rows if isinstance(row, ComparedRow) for other in row.mismatched]
        with torch.no_grad():
            return self.rewards(total_log_probabilities(learner.body, others), others).mean().clamp(min=0)

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """The weight of each answer less its utility, meaned over the two of a pair: (pairs,)."""
        lacking = self.desirable_weight * (-chosen).sigmoid() + self.undesirable_weight * rejected.sigmoid()
        return lacking / 2


def _mismatched(row: Row, other: Row, limit: int) -> Row:
    """The prompt of one row with the answer of another, cut so that it is no longer than `limit`."""
    prompt, start = row.learned.index(True), other.learned.index(True)
    tokens = (*row.tokens[:prompt], *other.tokens[start:])
    learned = (*row.learned[:prompt], *other.learned[start:])
    end = row.source + limit  # an encoder-decoder's limit is that of each side
    return Row(tokens[:end], learned[:end], source=row.source)
