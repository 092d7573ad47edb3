"""A metric: how one answer, or a set of answers, is judged against the wanted ones."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.task import Task


class Metric(Part, package="overtone.evaluate.metrics"):
    """How answers are judged. Between 0 and 1, higher is better; a failed answer is a wrong one.

    `interval` says which interval holds: `wilson` for a share of rows (each row 0 or 1),
    `bca` for a mean of row values, `bootstrap` for a value of the whole set (macro-F1).
    """

    interval: ClassVar[Literal["wilson", "bca", "bootstrap"]]
    asks: ClassVar[frozenset[str]]  # the kinds of task it can judge: classify, generate, prefer
    title: ClassVar[str]  # as a table's column head

    def judges(self, example: Example) -> bool:
        """Whether the wanted answer of this row can be judged; other rows are left out of the score."""
        return True

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """A value per row (for set metrics: 1 where the row is right), in the order of the examples."""
        raise NotImplementedError

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """What each row adds to the sums that the value is made of: (rows, sums). Here its value, and one."""
        rows = np.asarray(self.rows(examples, answers, task), dtype=np.float64)
        return np.stack([rows, np.ones_like(rows)], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value of summed tallies, over the last axis: (..., sums) to (...). Here a mean."""
        mean: NDArray[Any] = sums[..., 0] / sums[..., 1]
        return mean

    def value(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> float:
        """The value over all rows."""
        return float(self.of_sums(self.tallies(examples, answers, task).sum(axis=0)))


def metrics_for(task: Task, examples: Sequence[Example]) -> list[Metric]:
    """Every metric that can judge these rows, the task's deciding one first, then its reports, then the rest.

    A metric is left out where the task asks for something else or where no row can be judged by it.
    """
    known = Metric.all()
    names = [name for name in dict.fromkeys((*task.metrics(), *known)) if name in known]
    metrics = [known[name]() for name in names if task.asks in known[name].asks]
    return [metric for metric in metrics if any(map(metric.judges, examples))]
