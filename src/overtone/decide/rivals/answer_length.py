"""The trivial baseline of preferences: always the longer answer, or always the shorter one."""

import time
from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.decide.rival import Materials, Rival


class AnswerLength(Rival):
    """The longer answer, or the shorter one where the training rows favour it; length is in characters."""

    name: ClassVar[str] = "answer_length"
    title: ClassVar[str] = "answer length"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"prefer"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Count in how many pairs the longer answer was chosen; pairs of equal length say nothing."""
        rows = [*materials.train, *materials.validation]
        gains = [len(row.completion) - len(row.rejected) for row in rows]
        longer, told = sum(gain > 0 for gain in gains), sum(gain != 0 for gain in gains)
        return Longer((longer + 1) / (told + 2))  # Laplace's rule: never quite certain


class Longer:
    """A system that prefers the longer of two choices with the probability `share`."""

    can = frozenset({"prefer"})

    def __init__(self, share: float) -> None:
        self.share = share
        self.facts = {"longer_preferred": share}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice; the same for choices of equal length."""
        start = time.perf_counter()
        found = [self._probabilities(question.choices) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [Answer(probabilities=one, seconds=seconds) for one in found]

    def _probabilities(self, choices: Sequence[str]) -> dict[str, float]:
        first, second = choices
        if len(first) == len(second):
            return {first: 0.5, second: 0.5}
        share = self.share if len(first) > len(second) else 1 - self.share
        return {first: share, second: 1 - share}
