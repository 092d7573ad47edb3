"""What a row adds to the counts of each class: wanted, chosen, and both."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen

Numbers = NDArray[np.float64]


def class_sums(examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> Numbers:
    """Wanted, chosen, and both, for each class that the rows want: (rows, 3 * classes).

    So every system is counted over the same classes; a label that no row wants is passed over.
    """
    classes = wanted_classes(examples)
    wanted = indicators([example.labels for example in examples], classes)
    picked = indicators([chosen(answer, task) for answer in answers], classes)
    return np.concatenate([wanted, picked, wanted * picked], axis=1)


def class_f1(sums: Numbers) -> tuple[Numbers, Numbers]:
    """F1 of each class, and how often each is wanted, of summed counts: (..., 3 * classes) to (..., classes) twice.

    F1 = 2 both / (wanted + chosen); 0 where a resample does not want the class.
    """
    wanted, picked, both = np.split(sums, 3, axis=-1)
    return np.where(wanted > 0, 2 * both / np.maximum(wanted + picked, 1), 0), wanted


def right_rows(examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
    """1 where the chosen labels are exactly the wanted ones, else 0."""
    pairs = zip(examples, answers, strict=True)
    return [float(chosen(answer, task) == set(example.labels)) for example, answer in pairs]


def wanted_classes(examples: Sequence[Example]) -> list[str]:
    """The classes that some row wants, in alphabetical order."""
    return sorted({label for example in examples for label in example.labels})


def indicators(sets: Sequence[Sequence[str] | frozenset[str]], classes: Sequence[str]) -> Numbers:
    """1 where a row's set holds a class, else 0: (rows, classes). Other labels are passed over."""
    column = {label: index for index, label in enumerate(classes)}
    matrix = np.zeros((len(sets), len(classes)))
    for row, labels in enumerate(sets):
        matrix[row, [column[label] for label in labels if label in column]] = 1
    return matrix
