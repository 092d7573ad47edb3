"""Compare the numbers (log-probabilities or class probabilities) that two places give for the same rows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Numbers = Sequence[Sequence[float]]  # one list a row
Probe = Callable[[], Numbers]


@dataclass(frozen=True, slots=True)
class Place:
    """What one place answered, held against the model in memory."""

    name: str
    rows: int
    numbers: int
    difference: float  # the largest absolute one; infinite where the shapes differ or a number is none
    allowed: float

    @property
    def ok(self) -> bool:
        """Whether the place answers as the trained model does."""
        return self.difference <= self.allowed


def compare(name: str, reference: Numbers, probe: Probe, allowed: float) -> Place:
    """Ask a place for its numbers and hold them against the reference; 0 allowed means equal to the bit."""
    found = probe()
    return Place(name, len(found), sum(map(len, found)), largest_difference(reference, found), allowed)


def largest_difference(reference: Numbers, other: Numbers) -> float:
    """The largest absolute difference of two ragged arrays; infinite where they cannot be compared."""
    if [len(row) for row in reference] != [len(row) for row in other]:
        return math.inf
    pairs = [pair for rows in zip(reference, other) for pair in zip(*rows)]
    if not pairs or not all(math.isfinite(number) for pair in pairs for number in pair):
        return math.inf
    return max(abs(one - two) for one, two in pairs)
