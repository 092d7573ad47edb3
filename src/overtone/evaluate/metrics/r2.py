"""How much of the spread of the wanted numbers the given ones explain."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.number_pairs import nearness, number_pairs


class RSquared(Metric):
    """The coefficient of determination: 1 - squared error over that of the wanted numbers' own mean; at least 0."""

    name: ClassVar[str] = "r2"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"regress"})
    title: ClassVar[str] = "R2"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """How near each number is to the wanted one."""
        return nearness(*number_pairs(examples, answers))

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Squared error, then one, the wanted number from their mean, and its square: (rows, 4)."""
        wanted, given = number_pairs(examples, answers)
        apart = wanted - wanted.mean()
        return np.stack([(given - wanted) ** 2, np.ones_like(wanted), apart, apart**2], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """1 - error / spread; 0 where all wanted numbers are alike."""
        error, count, apart, square = np.moveaxis(sums, -1, 0)
        spread = square - apart**2 / count
        alike = spread <= 1e-12 * np.maximum(square, 1e-300)
        value: NDArray[np.float64] = np.where(alike, 0.0, 1 - error / np.where(alike, 1.0, spread))
        return np.maximum(value, 0.0)

    def remarks(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[str]:
        """The errors in the unit of the numbers."""
        wanted, given = number_pairs(examples, answers)
        error = given - wanted
        mean, root = np.abs(error).mean(), np.sqrt((error**2).mean())
        return [
            f"In the unit of the numbers the mean absolute error is {mean:.4g}, the root mean square {root:.4g}."
        ]
