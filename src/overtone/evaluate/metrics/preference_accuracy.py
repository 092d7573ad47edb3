"""Share of pairs in which the system prefers the answer that people chose."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.right_choices import right_choices


class PreferenceAccuracy(Metric):
    """Share of pairs in which the chosen answer is preferred to the rejected one; a failed answer is a wrong one.

    What a system prefers is its own affair: the likelier answer for a base, the one that has gained most against
    the base for a model tuned on preferences.
    """

    name: ClassVar[str] = "preference_accuracy"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"prefer"})
    title: ClassVar[str] = "Preference accuracy"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen answer is the preferred one, else 0."""
        return right_choices(examples, answers, task)
