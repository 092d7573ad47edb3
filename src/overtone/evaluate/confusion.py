"""What is taken for what: the confusion matrix, and precision, recall and F1 of each class."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a wanted label (row) was answered by a label (column).

    The last row and column stand for no label: an answer that failed or chose no known label, and, with
    several labels a row, a label chosen beyond the wanted ones.
    """

    labels: tuple[str, ...]
    counts: NDArray[np.int64]  # (labels + 1, labels + 1)


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How one class fares: `wanted` and `chosen` are row counts; undefined shares are 0."""

    label: str
    precision: float
    recall: float
    f1: float
    wanted: int
    chosen: int


def confusion(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task, labels: Sequence[str]
) -> Confusion:
    """Count each wanted label against what was answered; with single labels, each row counts once.

    With several labels a row, a wanted label that was chosen counts on the diagonal; one that was missed
    counts against every label wrongly chosen (or none); a label chosen beyond them counts against none.
    """
    place = {label: index for index, label in enumerate(labels)}
    nothing = len(place)
    counts = np.zeros((nothing + 1, nothing + 1), dtype=np.int64)
    for example, answer in zip(examples, answers, strict=True):
        picked = chosen(answer, task) & place.keys()
        wanted = set(example.labels)
        missed, extra = wanted - picked, picked - wanted
        pairs = [(label, label) for label in wanted & picked]
        pairs += [(label, other) for label in missed for other in extra or {""}]
        pairs += [("", other) for other in extra if not missed]
        for row, column in pairs:
            counts[place.get(row, nothing), place.get(column, nothing)] += 1
    return Confusion(tuple(labels), counts)


def per_class(
    examples: Sequence[Example], answers: Sequence[Answer], task: Task, labels: Sequence[str]
) -> list[ClassScore]:
    """Precision, recall and F1 of each label, in the order of the labels."""
    picked = [chosen(answer, task) for answer in answers]
    rows = list(zip((set(example.labels) for example in examples), picked, strict=True))
    return [_score(label, rows) for label in labels]


def averages(classes: Sequence[ClassScore]) -> list[ClassScore]:
    """Micro, macro and weighted averages of the classes; `wanted` and `chosen` are their sums.

    Micro counts every decision alike; macro every class that some row wants; weighted a class by its rows.
    """
    wanted, given = sum(one.wanted for one in classes), sum(one.chosen for one in classes)
    both = sum(round(one.recall * one.wanted) for one in classes)
    micro = both / max(1, given), both / max(1, wanted), 2 * both / max(1, wanted + given)
    present = [one for one in classes if one.wanted]
    equal = [1.0 for _ in present]
    return [
        ClassScore("micro average", *micro, wanted, given),
        ClassScore("macro average", *_mean(present, equal), wanted, given),
        ClassScore("weighted average", *_mean(present, [one.wanted for one in present]), wanted, given),
    ]


def _mean(classes: Sequence[ClassScore], weights: Sequence[float]) -> tuple[float, float, float]:
    numbers = np.array([[one.precision, one.recall, one.f1] for one in classes]).reshape(-1, 3)
    precision, recall, f1 = (np.array(weights) @ numbers / max(1.0, sum(weights))).tolist()
    return precision, recall, f1


def _score(label: str, rows: Sequence[tuple[set[str], frozenset[str]]]) -> ClassScore:
    wanted = sum(label in row for row, _ in rows)
    given = sum(label in picked for _, picked in rows)
    both = sum(label in row and label in picked for row, picked in rows)
    f1 = 2 * both / max(1, wanted + given)
    return ClassScore(label, both / max(1, given), both / max(1, wanted), f1, wanted, given)
