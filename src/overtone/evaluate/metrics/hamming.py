"""Share of single yes-or-no decisions about labels that are right."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen
from overtone.evaluate.class_sums import wanted_classes
from overtone.evaluate.metric import Interval, Metric


class Hamming(Metric):
    """Share of the decisions, one for each row and label, that are right: 1 - Hamming loss.

    The labels are those that a row wants or that an answer gives a probability for. With many labels nearly every
    decision is a no, so that a high value is soon reached. A failed answer has decided nothing right.
    """

    name: ClassVar[str] = "hamming"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "1 - Hamming loss"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 - labels wrongly chosen or missed, over all labels."""
        named = (answer.probabilities or {} for answer in answers)
        labels = len(set(wanted_classes(examples)).union(*named))
        pairs = zip(examples, answers, strict=True)
        return [
            0.0 if answer.error is not None else 1 - len(set(row.labels) ^ chosen(answer, task)) / labels
            for row, answer in pairs
        ]
