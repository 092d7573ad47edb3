"""A metric: how one answer, or a set of answers, is judged against the wanted ones."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.task import Named, Task
from overtone.evaluate.declared import declared

Interval = Literal["wilson", "bca", "bootstrap"]
FEW = 20  # one row in so many must be judged by a usual metric


class Metric(Part, package="overtone.evaluate.metrics"):
    """How answers are judged. At most 1 and as a rule from 0, higher is better; a failed answer is a wrong one.

    `interval` says which interval holds: `wilson` for a share of rows (each row 0 or 1),
    `bca` for a mean of row values, `bootstrap` for a value of the whole set (macro-F1).
    """

    interval: ClassVar[Interval]
    asks: ClassVar[frozenset[str]]  # the kinds of task it can judge: classify, generate, prefer
    title: ClassVar[str]  # as a table's column head
    lowest: ClassVar[float] = -math.inf  # that intervals are cut at; the highest is 1

    label: str = Field(
        "", pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$|^$", description="tells two metrics of one kind apart"
    )

    @property
    def key(self) -> str:
        """The name of this metric in tables and files; `label` tells two of one kind apart."""
        return self.label or self.name

    @property
    def heading(self) -> str:
        """The title with the label that tells it from another of its kind."""
        return f"{self.title} ({self.label})" if self.label else self.title

    def refusal(self, task: Task) -> str | None:
        """Why it cannot judge a task, in one sentence; None where it can."""
        if task.asks in self.asks:
            return None
        fitting = [name for name, part in Metric.all().items() if task.asks in part.asks]
        return f"'{self.name}' does not judge the task '{task.name}'; allowed: {', '.join(fitting)}"

    def make_ready(self) -> None:
        """Refuse before any work what it would lack later: MissingExtra or UserError. Here nothing."""

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

    def remarks(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[str]:
        """What the value alone does not say of these answers, in sentences. Here nothing."""
        return []


def metric_of(named: Named) -> Metric:
    """The metric that a task names; one that stands in a file of the user's is loaded."""
    return Metric.model_validate(declared(Metric, named))


def deciding(task: Task) -> Metric:
    """The metric that the verdict is about."""
    return metric_of(task.metric)


def metrics_for(task: Task, examples: Sequence[Example]) -> list[Metric]:
    """The metrics to report: the deciding one, the task's usual ones, then what the plan names beside.

    A usual one is left out where less than one row in twenty can be judged by it: its interval would say nothing.
    """
    first, named = deciding(task), [metric_of(one) for one in task.metrics]
    usual = [Metric.find(name)() for name in task.reports]
    fitting = [metric for metric in usual if FEW * sum(map(metric.judges, examples)) >= max(1, len(examples))]
    # a metric that is named with settings stands for the usual one of its name
    found = {metric.key: metric for metric in (first, *fitting, *named)} | {first.key: first}
    return list(found.values())
