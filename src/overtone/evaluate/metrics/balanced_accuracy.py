"""Share of rows that are right, so counted that each class has one weight."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_sums import class_sums, right_rows
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.several import refuse_several


class BalancedAccuracy(Metric):
    """Mean over the classes of recall, the share of the rows of a class that are answered with it."""

    name: ClassVar[str] = "balanced_accuracy"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Balanced accuracy"

    def refusal(self, task: Task) -> str | None:
        """Only texts with one label each."""
        return super().refusal(task) or refuse_several(self, task)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Wanted, chosen, and both, for each class: (rows, 3 * classes)."""
        return class_sums(examples, answers, task)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean recall over the classes that the rows want."""
        wanted, _, both = np.split(sums, 3, axis=-1)
        recalls = (both / np.maximum(wanted, 1)).sum(axis=-1)
        mean: NDArray[np.float64] = recalls / np.maximum((wanted > 0).sum(axis=-1), 1)
        return mean
