"""How many words an answer shares with the wanted one, as in SQuAD."""

from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.compared import by_pair
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.solution import token_f1
from overtone.evaluate.squad import normalised


class TokenF1(Metric):
    """F1 of shared words, without case, punctuation and articles (Rajpurkar et al. 2016, section 6.1)."""

    name: ClassVar[str] = "token_f1"
    also_called: ClassVar[tuple[str, ...]] = ("squad_f1",)
    interval: ClassVar[Interval] = "bca"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "extract"})
    title: ClassVar[str] = "Token F1"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """Token F1 of each answer."""
        return by_pair(squad_f1, examples, answers, task)


def squad_f1(wanted: str, given: str) -> float:
    """Token F1 of two texts; two without any word are alike."""
    first, second = (tuple(normalised(text).split()) for text in (wanted, given))
    return token_f1(first, second) if first and second else float(first == second)
