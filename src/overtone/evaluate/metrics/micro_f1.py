"""F1 over all decisions alike, whatever their class."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen
from overtone.evaluate.class_sums import right_rows
from overtone.evaluate.metric import Interval, Metric


class MicroF1(Metric):
    """F1 of all labels together; where each text has one label and each answer too, it is the accuracy.
    A failed answer counts as one wrong label.

    The sums of a row are its labels wanted, chosen, and both.
    """

    name: ClassVar[str] = "micro_f1"
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Micro-F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Labels wanted, chosen, and both: (rows, 3)."""
        pairs = zip((set(example.labels) for example in examples), answers, strict=True)
        found = [(wanted, chosen(answer, task), answer.error is not None) for wanted, answer in pairs]
        counts = [
            (len(wanted), max(len(picked), failed), len(wanted & picked)) for wanted, picked, failed in found
        ]
        return np.array(counts, dtype=np.float64)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """F1 = 2 both / (wanted + chosen)."""
        value: NDArray[np.float64] = 2 * sums[..., 2] / np.maximum(sums[..., 0] + sums[..., 1], 1)
        return value
