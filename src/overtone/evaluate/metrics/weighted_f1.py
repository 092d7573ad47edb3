"""F1 of each class, averaged so that each counts as often as it is wanted."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_sums import class_f1, class_sums, right_rows
from overtone.evaluate.metric import Interval, Metric


class WeightedF1(Metric):
    """Mean over the classes of F1, each weighted by the rows that want it."""

    name: ClassVar[str] = "weighted_f1"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Weighted F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Wanted, chosen, and both, for each class: (rows, 3 * classes)."""
        return class_sums(examples, answers, task)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean F1 over the classes that the rows want, by their rows."""
        f1, wanted = class_f1(sums)
        mean: NDArray[np.float64] = (f1 * wanted).sum(axis=-1) / np.maximum(wanted.sum(axis=-1), 1)
        return mean
