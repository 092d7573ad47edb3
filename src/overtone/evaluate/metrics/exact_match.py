"""Share of answers that are the wanted text, but for case and space."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.written import written


class ExactMatch(Metric):
    """Share of answers that are the wanted text, but for case and space."""

    name: ClassVar[str] = "exact_match"
    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"generate"})
    title: ClassVar[str] = "Exact match"

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the texts match after folding case and space, else 0."""
        return [
            float(answer.error is None and folded(written(answer)) == folded(example.completion))
            for example, answer in zip(examples, answers, strict=True)
        ]


def folded(text: str) -> str:
    """The text without case, with single spaces."""
    return " ".join(text.casefold().split())
