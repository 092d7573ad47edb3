"""Share of numbers that are near enough."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import Interval, Metric
from overtone.evaluate.number_pairs import number_pairs

SHARE = 0.1  # of the range of the wanted numbers


class Within(Metric):
    """Share of numbers that are off by at most `tolerance`."""

    name: ClassVar[str] = "within"
    interval: ClassVar[Interval] = "wilson"
    asks: ClassVar[frozenset[str]] = frozenset({"regress"})
    title: ClassVar[str] = "Within tolerance"

    tolerance: float | None = Field(
        None,
        ge=0,
        description="largest error that is right; a tenth of the range of the wanted numbers where absent",
    )

    def rows(self, examples: Sequence[Example], answers: Sequence[Answer], task: Task) -> list[float]:
        """1 where the number is near enough, else 0."""
        wanted, given = number_pairs(examples, answers)
        tolerance = SHARE * np.ptp(wanted) if self.tolerance is None else self.tolerance
        return [float(near) for near in np.abs(given - wanted) <= tolerance * (1 + 1e-12)]
