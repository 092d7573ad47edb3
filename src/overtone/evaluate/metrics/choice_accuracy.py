"""Share of questions to which the right choice is given."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.right_choices import right_choices


class ChoiceAccuracy(Metric):
    """Share of questions to which the right choice is given; a failed answer is a wrong one.

    What a choice's log-probability is divided by is a setting of the task (`length`).
    """

    name: ClassVar[str] = "choice_accuracy"
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"choose"})
    title: ClassVar[str] = "Accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the right choice is given, else 0."""
        return right_choices(examples, answers, task)
