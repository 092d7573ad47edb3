"""Share of rows whose labels are exactly right."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chosen import chosen
from overtone.evaluate.metric import Metric


class Accuracy(Metric):
    """Share of rows whose labels are exactly right; with several labels a row, the whole set must match."""

    name: ClassVar[str] = "accuracy"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "Accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return [
            float(chosen(answer, task) == set(example.labels))
            for example, answer in zip(examples, answers, strict=True)
        ]
