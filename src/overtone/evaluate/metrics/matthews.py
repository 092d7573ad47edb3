"""How chosen and wanted classes go together: 1 always, 0 as by chance, below 0 worse."""

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


class Matthews(Metric):
    """Matthews correlation of wanted and chosen class, over any number of classes (Gorodkin 2004, equation 8).

    The sums of a row are, for each class, whether it was wanted and whether chosen, then whether the row is right, and
    one. What no row wants, no answer among it, is one class of its own.
    """

    name: ClassVar[str] = "matthews"
    also_called: ClassVar[tuple[str, ...]] = ("mcc",)
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Matthews"

    def refusal(self, task: Task) -> str | None:
        """Only texts with one label each."""
        return super().refusal(task) or refuse_several(self, task)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Wanted and chosen classes, the right rows, all rows: (rows, 2 * classes + 2)."""
        counts = class_sums(examples, answers, task)
        wanted, picked, both = np.split(counts, 3, axis=1)
        other, none = 1 - picked.sum(axis=1, keepdims=True), np.zeros((len(counts), 1))
        right, one = both.sum(axis=1, keepdims=True), np.ones((len(counts), 1))
        return np.concatenate([wanted, none, picked, other, right, one], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """The correlation; 0 where one class alone is wanted, or chosen."""
        right, rows = sums[..., -2], sums[..., -1]
        wanted, picked = np.split(sums[..., :-2], 2, axis=-1)
        above = right * rows - (wanted * picked).sum(axis=-1)
        spread = (rows**2 - (wanted**2).sum(axis=-1)) * (rows**2 - (picked**2).sum(axis=-1))
        value: NDArray[np.float64] = above / np.sqrt(np.where(spread > 0, spread, np.inf))
        return value
