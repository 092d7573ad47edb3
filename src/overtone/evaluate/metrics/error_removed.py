"""How much of the error of always saying the middle is gone."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.number_pairs import nearness, number_pairs


class ErrorRemoved(Metric):
    """1 - mean absolute error over that of always saying the median of the wanted numbers; at least 0."""

    name: ClassVar[str] = "error_removed"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"regress"})
    title: ClassVar[str] = "Absolute error removed"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """How near each number is to the wanted one."""
        return nearness(*number_pairs(examples, answers))

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Absolute error, and the distance of the wanted number from the median: (rows, 2)."""
        wanted, given = number_pairs(examples, answers)
        return np.stack([np.abs(given - wanted), np.abs(wanted - np.median(wanted))], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """1 - error / distance; 0 where all wanted numbers are alike."""
        error, distance = sums[..., 0], sums[..., 1]
        alike = distance <= 0
        value: NDArray[np.float64] = np.where(alike, 0.0, 1 - error / np.where(alike, 1.0, distance))
        return np.maximum(value, 0.0)
