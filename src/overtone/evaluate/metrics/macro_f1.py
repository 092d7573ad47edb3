"""F1 of each class, averaged so that a rare class counts as much as a common one."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen
from overtone.evaluate.metric import Metric


class MacroF1(Metric):
    """Mean over the classes of F1, the harmonic mean of precision and recall.

    The classes are those that the test rows want, so that every system is averaged over the same ones; the
    sums of a row are, for each class, whether it was wanted, chosen, and both.
    """

    name: ClassVar[str] = "macro_f1"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Macro-F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return [
            float(chosen(answer, task) == set(example.labels))
            for example, answer in zip(examples, answers, strict=True)
        ]

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """Wanted, chosen, and both, for each class: (rows, 3 * classes)."""
        classes = sorted({label for example in examples for label in example.labels})
        wanted = indicators([example.labels for example in examples], classes)
        picked = indicators([chosen(answer, task) for answer in answers], classes)
        return np.concatenate([wanted, picked, wanted * picked], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Mean F1 over the classes that the rows want: F1 = 2 both / (wanted + chosen)."""
        wanted, picked, both = np.split(sums, 3, axis=-1)
        f1 = np.where(wanted > 0, 2 * both / np.maximum(wanted + picked, 1), 0)
        mean: NDArray[np.float64] = f1.sum(axis=-1) / np.maximum((wanted > 0).sum(axis=-1), 1)
        return mean


def indicators(sets: Sequence[Sequence[str] | frozenset[str]], classes: Sequence[str]) -> NDArray[np.float64]:
    """1 where a row's set holds a class, else 0: (rows, classes). Other labels are passed over."""
    column = {label: index for index, label in enumerate(classes)}
    matrix = np.zeros((len(sets), len(classes)))
    for row, labels in enumerate(sets):
        matrix[row, [column[label] for label in labels if label in column]] = 1
    return matrix
