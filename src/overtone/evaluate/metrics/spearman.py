"""Whether the given numbers stand in the order of the wanted ones."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.number_pairs import Numbers, nearness, number_pairs


class Spearman(Metric):
    """Spearman's rank correlation, ties at their mean rank; at least 0. A resample keeps the ranks of the whole set."""

    name: ClassVar[str] = "spearman"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"regress"})
    title: ClassVar[str] = "Spearman"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """How near each number is to the wanted one."""
        return nearness(*number_pairs(examples, answers))

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """One, both ranks from their middle, their squares and their product: (rows, 6)."""
        one, other = (_ranks(numbers) for numbers in number_pairs(examples, answers))
        return np.stack([np.ones_like(one), one, other, one**2, other**2, one * other], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """The correlation of the ranks; 0 where one side is all alike."""
        count, one, other, ones, others, both = np.moveaxis(sums, -1, 0)
        spread = np.sqrt(np.maximum(ones - one**2 / count, 0) * np.maximum(others - other**2 / count, 0))
        alike = spread <= 1e-9 * count
        value: NDArray[np.float64] = np.where(
            alike, 0.0, (both - one * other / count) / np.where(alike, 1, spread)
        )
        return np.clip(value, 0.0, 1.0)


def _ranks(numbers: Numbers) -> Numbers:
    """Ranks from 0 minus their mean; equal numbers share the mean of theirs."""
    _, place, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Numbers = (ends - (counts + 1) / 2)[place] - (len(numbers) - 1) / 2
    return ranks
