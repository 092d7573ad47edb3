"""The trivial baseline of preferences: always the longer answer, or always the shorter one."""

import math
import time
from collections.abc import Sequence
from typing import ClassVar

from overtone.core.answer import Answer, System
from overtone.core.example import Example, Question
from overtone.core.tasks.approve import BAD, GOOD
from overtone.decide.rival import Materials, Rival


class AnswerLength(Rival):
    """The longer answer, or the shorter one where the training rows favour it; length is in characters.

    Of answers marked one by one: how probable a good one is, by the logarithm of its length alone.
    """

    name: ClassVar[str] = "answer_length"
    title: ClassVar[str] = "answer length"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"prefer"}), frozenset({"approve"}))
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Learn which length is favoured."""
        rows = [*materials.train, *materials.validation]
        return (_approving if materials.task.rows else _preferring)(rows)


def _preferring(rows: Sequence[Example]) -> "Longer":
    """Count in how many pairs the longer answer was chosen; pairs of equal length say nothing."""
    gains = [len(row.completion) - len(row.rejected) for row in rows]
    longer, told = sum(gain > 0 for gain in gains), sum(gain != 0 for gain in gains)
    return Longer((longer + 1) / (told + 2))  # Laplace's rule: never quite certain


def _approving(rows: Sequence[Example]) -> "LengthApprover":
    """A logistic regression on one number."""
    from sklearn.linear_model import LogisticRegression

    sizes = [[_size(row.choices[0])] for row in rows]
    found = LogisticRegression().fit(sizes, [row.labels == (GOOD,) for row in rows])
    return LengthApprover(float(found.coef_[0, 0]), float(found.intercept_[0]))


def _size(answer: str) -> float:
    return math.log(len(answer) + 1)


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


class LengthApprover:
    """A system that finds an answer good with the odds exp(`slope` x log length + `shift`)."""

    can = frozenset({"classify"})

    def __init__(self, slope: float, shift: float) -> None:
        self.slope, self.shift = slope, shift
        self.facts = {"slope": slope}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each label."""
        start = time.perf_counter()
        odds = [math.exp(self.slope * _size(question.choices[0]) + self.shift) for question in questions]
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [
            Answer(probabilities={BAD: 1 / (1 + odd), GOOD: odd / (1 + odd)}, seconds=seconds) for odd in odds
        ]
