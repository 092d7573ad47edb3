"""How near an answer comes to the length of the wanted one."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric


class LengthRatio(Metric):
    """Words of the shorter of wanted and given answer over words of the longer."""

    name: ClassVar[str] = "length_ratio"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Length ratio"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where both are of one length, 0 where one is empty."""
        return by_pair(length_ratio, examples, answers, task)


def length_ratio(wanted: str, given: str) -> float:
    """Words of the shorter text over words of the longer; two without any word are alike."""
    first, second = len(wanted.split()), len(given.split())
    return min(first, second) / max(first, second) if first or second else 1.0
