"""A chapter of the report: what the answers on the test rows show beyond their scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.contents import Curve
from overtone.evaluate.report.section import Section


@dataclass(frozen=True)
class Results:
    """What was measured on the test rows that do not stand in train. Systems are named by their keys.

    `scores` are of the deciding metric; `facts` are numbers that only some systems have, such as
    `trainable_parameters`.
    """

    task: Task
    labels: tuple[str, ...]
    train: Sequence[Example]
    test: Sequence[Example]
    answers: Mapping[str, Sequence[Answer]]  # in the order of the test rows
    titles: Mapping[str, str]
    scores: Mapping[str, Score]
    metric: Metric
    best: str
    best_tuned: str | None
    best_untuned: str | None
    seed: int
    curves: Sequence[Curve] = ()
    facts: Mapping[str, Mapping[str, float | str]] = field(default_factory=dict)


class Chapter(Part, package="overtone.evaluate.chapters"):
    """One thing that the report tells. Declaring it is enough to have it told."""

    order: ClassVar[int]  # its place in the report

    def write(self, results: Results) -> Section | None:
        """The section; None where these results have nothing to tell. The same results give the same words."""
        raise NotImplementedError


def chapters(results: Results) -> tuple[Section, ...]:
    """Every chapter that has something to tell, in order."""
    parts = sorted(Chapter.all().values(), key=lambda part: part.order)
    return tuple(section for part in parts if (section := part().write(results)) is not None)
