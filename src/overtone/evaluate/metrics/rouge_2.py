"""How many pairs of neighbouring words an answer shares with the wanted one."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.rouge import rouge_n


class Rouge2(Metric):
    """ROUGE-2: F1 of the shared pairs of neighbouring words (Lin 2004, "ROUGE", section 2), unstemmed."""

    name: ClassVar[str] = "rouge_2"
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "ROUGE-2"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """ROUGE-2 of each answer."""
        return by_pair(rouge_2, examples, answers, task)


def rouge_2(wanted: str, given: str) -> float:
    """ROUGE-2 F1 of two texts; 0 where either is too short."""
    return rouge_n(wanted, given, 2)
