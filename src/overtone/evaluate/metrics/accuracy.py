"""Share of rows whose labels are exactly right."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_sums import right_rows
from overtone.evaluate.metric import Interval, Metric


class Accuracy(Metric):
    """Share of rows whose labels are exactly right; with several labels a row, the whole set must match."""

    name: ClassVar[str] = "accuracy"
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)
