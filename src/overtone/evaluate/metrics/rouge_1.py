"""How many words an answer shares with the wanted one."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.rouge import rouge_n


class Rouge1(Metric):
    """ROUGE-1: F1 of the shared words (Lin 2004, "ROUGE", section 2), unstemmed."""

    name: ClassVar[str] = "rouge_1"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "ROUGE-1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """ROUGE-1 of each answer."""
        return by_pair(rouge_1, examples, answers, task)


def rouge_1(wanted: str, given: str) -> float:
    """ROUGE-1 F1 of two texts; 0 where either is too short."""
    return rouge_n(wanted, given, 1)
