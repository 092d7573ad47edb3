"""A chapter of the report: what the answers on the test rows show beyond their scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.evaluate.diagnosis.predicted import Predicted, predicted
from overtone.evaluate.metric import Metric
from overtone.evaluate.report.contents import Curve
from overtone.evaluate.report.section import Section


@dataclass(frozen=True)
class Results:
    """What was measured on the test rows that do not stand in train. Systems are named by their keys.

    `scores` are of the deciding metric; `facts` are numbers that only some systems have, such as
    `trainable_parameters`. `languages` are those that the plan learns from; gaps are measured to the first.
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
    languages: Sequence[str] = ()

    @property
    def pair(self) -> tuple[str, ...]:
        """The best tuned and the best untuned system, those of the two that there are."""
        return tuple(key for key in (self.best_tuned, self.best_untuned) if key is not None)

    @property
    def judged(self) -> tuple[int, ...]:
        """The places of the test rows that the deciding metric can judge."""
        return tuple(place for place, row in enumerate(self.test) if self.metric.judges(row))

    def values(self, key: str) -> list[float]:
        """The deciding metric's value of each judged row in a system's answers; judged once, for all chapters."""
        if key not in self._values:
            rows = [self.test[place] for place in self.judged]
            answers = [self.answers[key][place] for place in self.judged]
            self._values[key] = self.metric.rows(rows, answers, self.task)
        return self._values[key]

    @cached_property
    def _values(self) -> dict[str, list[float]]:
        return {}

    def predicted(self) -> Iterator[tuple[str, Predicted]]:
        """Key and probabilities of those of the pair that give any; none where the task does not classify."""
        for key in self.pair if self.task.asks == "classify" else ():
            rows = predicted(self.test, self.answers[key], self.task, self.labels)
            if rows is not None:
                yield key, rows


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
