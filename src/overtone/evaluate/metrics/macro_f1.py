"""F1 of each class, averaged so that a rare class counts as much as a common one."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_sums import class_f1, class_sums, right_rows
from overtone.evaluate.metric import Interval, Metric


class MacroF1(Metric):
    """Mean over the classes of F1, the harmonic mean of precision and recall.

    The classes are those that the test rows want, so that every system is averaged over the same ones; the
    sums of a row are, for each class, whether it was wanted, chosen, and both.
    """

    name: ClassVar[str] = "macro_f1"
    also_called: ClassVar[tuple[str, ...]] = ("f1", "f1_macro")
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Macro-F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Wanted, chosen, and both, for each class: (rows, 3 * classes)."""
        return class_sums(examples, answers, task)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean F1 over the classes that the rows want."""
        f1, wanted = class_f1(sums)
        mean: NDArray[np.float64] = f1.sum(axis=-1) / np.maximum((wanted > 0).sum(axis=-1), 1)
        return mean
