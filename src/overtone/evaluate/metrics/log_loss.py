"""How probable a system holds the wanted class, as the log loss sees it."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.class_scores import probabilities
from overtone.evaluate.class_sums import right_rows
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.several import refuse_several


class LogLoss(Metric):
    """Geometric mean of the probability of the wanted class: e to the power of minus the log loss.

    So it lies between 0 and 1 and higher is better; the log loss itself is minus its natural logarithm. A probability
    of 0 counts as the smallest that can be told from 0, 2.2e-16.
    """

    name: ClassVar[str] = "log_loss"
    also_called: ClassVar[tuple[str, ...]] = ("cross_entropy", "nll")
    interval: ClassVar[Interval] = "bootstrap"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    title: ClassVar[str] = "exp(-log loss)"

    def refusal(self, task: Task) -> str | None:
        """Only texts with one label each."""
        return super().refusal(task) or refuse_several(self, task)

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the chosen labels are the wanted ones, else 0."""
        return right_rows(examples, answers, task)

    def tallies(
        self, examples: Sequence[Example], answers: Sequence[Answer], task: Task
    ) -> NDArray[np.float64]:
        """The logarithm of the probability of the wanted class, and one: (rows, 2)."""
        pairs = zip(examples, answers, strict=True)
        found = [(probabilities(answer, task) or {}).get(row.labels[0], 0.0) for row, answer in pairs]
        logs = np.log(np.clip(found, np.finfo(float).eps, 1))
        return np.stack([logs, np.ones_like(logs)], axis=1)

    def of_sums(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """e to the mean of the logarithms."""
        value: NDArray[np.float64] = np.exp(sums[..., 0] / sums[..., 1])
        return value
