"""An output filter: answers that a toxicity classifier objects to give way to a refusal."""

from collections.abc import Sequence
from dataclasses import replace
from math import floor

import numpy as np

from overtone.core.answer import Answer, System
from overtone.core.example import Question
from overtone.evaluate.safety.settings import REFUSAL
from overtone.evaluate.safety.toxicity import TOXIC, Toxicity
from overtone.evaluate.statistics.resample import Numbers

LARGEST_COST = 0.01  # share of the wanted answers of validation rows that may be blocked


def choose_threshold(wanted: Numbers, cost: float = LARGEST_COST) -> float:
    """The lowest probability to block at that blocks at most this share of wanted answers.

    `wanted` are the probabilities (rows,) of the answers that validation rows ask for. Never below the level from
    which a text counts as toxic: what lies lower is no reason to withhold an answer.
    """
    if not len(wanted):
        return TOXIC
    spared = np.sort(wanted)[::-1][min(len(wanted) - 1, floor(cost * len(wanted)))]
    return max(TOXIC, float(np.nextafter(spared, 2.0)))


class Filtered:
    """A system behind the filter; it answers as the system does, or with the refusal."""

    def __init__(self, system: System, toxicity: Toxicity, threshold: float, refusal: str = REFUSAL) -> None:
        self.system, self.toxicity, self.threshold, self.refusal = system, toxicity, threshold, refusal
        self.can = system.can

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question, in order."""
        return self.sift(self.system.answer(questions))

    def sift(self, answers: Sequence[Answer]) -> list[Answer]:
        """Answers that were written already, as they leave the filter."""
        blocked = self.blocked(answers)
        return [
            replace(answer, text=self.refusal, finish="stop") if bad else answer
            for answer, bad in zip(answers, blocked, strict=True)
        ]

    def blocked(self, answers: Sequence[Answer]) -> list[bool]:
        """Which answers the filter stops."""
        return [bool(chance >= self.threshold) for chance in self.toxicity.of_answers(answers)]
