"""How near the probabilities are to the truth, as the Brier score sees it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_scores import probabilities
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.several import refuse_several


class Brier(Metric):
    """1 - half the squared distance between probabilities and truth (Brier 1950), so that 1 is best, 0 worst."""

    name: ClassVar[str] = "brier"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "1 - Brier"

    def refusal(self, task: Task) -> str | None:
        """Only texts with one label each."""
        return super().refusal(task) or refuse_several(self, task)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the wanted class has all probability, 0 where another has it or the answer failed."""
        pairs = zip(examples, answers, strict=True)
        return [nearness(example.labels[0], probabilities(answer, task)) for example, answer in pairs]


def nearness(wanted: str, found: Mapping[str, float] | None) -> float:
    """1 - half the sum over the classes of (probability - truth) squared."""
    if found is None:
        return 0.0
    away = {label: share - (label == wanted) for label, share in {wanted: 0.0, **found}.items()}
    return 1 - sum(distance**2 for distance in away.values()) / 2
