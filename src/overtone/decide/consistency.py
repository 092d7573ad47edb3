"""Consistency: the same system over seeds, re-worded instructions and shuffled examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.settings import Settings


class Consistency(Settings):
    """How often what should not matter is varied; 0 leaves it out. The plan's own measurement counts as one."""

    seeds: int = Field(
        0, ge=0, description="trainings of the best tuned candidate, the plan's own among them"
    )
    rewordings: int = Field(
        0, ge=0, le=5, description="wordings of the instruction for what is only prompted"
    )
    shuffles: int = Field(0, ge=0, description="orders of the examples for few-shot")


@dataclass(frozen=True)
class Steadiness:
    """One system under one variation: its scores, and the share of rows with the same answer in all."""

    system: str
    varied: str  # seeds, wordings or orders
    scores: tuple[float, ...]
    same: float

    @property
    def mean(self) -> float:
        """The mean score."""
        return mean(self.scores)

    @property
    def spread(self) -> float:
        """The standard deviation of the scores (n - 1)."""
        return stdev(self.scores)


def same_answers(repetitions: Sequence[Sequence[Answer]], threshold: float | None) -> float:
    """The share of rows to which every repetition gave the same answer; an error is an answer of its own.

    `threshold` is that of a task with several labels, None else.
    """
    rows = list(zip(*repetitions, strict=True))
    return sum(len({_said(answer, threshold) for answer in row}) == 1 for row in rows) / len(rows)


def _said(answer: Answer, threshold: float | None) -> object:
    if answer.error is not None:
        return ("error",)
    if answer.probabilities is None:
        return (answer.text or "").strip()
    return answer.label if threshold is None else frozenset(answer.labels(threshold))
