"""The rows on which systems are compared, those that stand in train left out, and what a system scores on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.core.task import Task
from overtone.data.load import Data
from overtone.decide.measured import Measured
from overtone.evaluate.metric import Metric, deciding
from overtone.evaluate.scores import compare, score


@dataclass(frozen=True)
class Bench:
    """The clean test rows of a task and its deciding metric."""

    task: Task
    rows: Sequence[Example]
    seed: int

    @cached_property
    def metric(self) -> Metric:
        """The metric that the verdict is about."""
        return deciding(self.task)

    def answers(self, measured: Measured) -> list[Answer]:
        """A system's answers to these rows."""
        given = dict(zip(measured.ids, measured.answers, strict=True))
        return [given[row.id] for row in self.rows]

    def score(self, measured: Measured) -> Score:
        """The deciding metric with its interval."""
        return score(self.metric, self.rows, self.answers(measured), self.task, self.seed)

    def compare(self, first: Measured, second: Measured) -> Comparison:
        """First minus second on these rows."""
        answers = self.answers(first), self.answers(second)
        return compare(self.metric, self.rows, *answers, self.task, self.seed)


def bench(task: Task, data: Data, seed: int) -> Bench:
    """The test rows that do not also stand in train; all of them where every one does."""
    return Bench(task, [row for row in data.test if row.id not in data.leaked] or list(data.test), seed)
