"""The numbers that metrics of regression compare: what is wanted, and what was given."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.regress import number_in, number_of

Numbers = NDArray[np.float64]


def number_pairs(examples: Sequence[Example], answers: Sequence[Answer]) -> tuple[Numbers, Numbers]:
    """Wanted and given numbers: both (rows,). An answer without one counts as the wanted number farthest away."""
    wanted = np.array([number_of(row) for row in examples])
    low, high = wanted.min(), wanted.max()
    farthest = np.where(wanted - low > high - wanted, low, high)
    found = [None if answer.error is not None else number_in(answer.text) for answer in answers]
    given = [far if number is None else number for number, far in zip(found, farthest, strict=True)]
    return wanted, np.array(given, dtype=np.float64)


def nearness(wanted: Numbers, given: Numbers) -> list[float]:
    """1 where a number is the wanted one, falling to 0 where it is off by the range of the wanted ones."""
    span = float(np.ptp(wanted)) or 1.0
    near: list[float] = (1 - np.minimum(np.abs(given - wanted) / span, 1)).tolist()
    return near
