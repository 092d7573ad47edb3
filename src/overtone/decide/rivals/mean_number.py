"""The trivial baseline of regression: always the mean."""

from collections.abc import Sequence
from statistics import fmean
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.core.tasks.regress import number_of
from overtone.decide.rival import Materials, Rival


class MeanNumber(Rival):
    """Always the mean number of the training rows, whatever the text."""

    name: ClassVar[str] = "mean_number"
    title: ClassVar[str] = "mean number"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"regress"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """The mean over training and validation rows."""
        return Same(fmean(number_of(row) for row in (*materials.train, *materials.validation)))


class Same:
    """A system that gives every text the same number."""

    can = frozenset({"regress"})

    def __init__(self, number: float) -> None:
        self.number = number

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The number to each question."""
        return [Answer(text=repr(self.number)) for _ in questions]
