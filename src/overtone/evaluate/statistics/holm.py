"""Holm's correction: many tests at once, and still at most 5 % chance of any false alarm."""

from collections.abc import Sequence


def holm(values: Sequence[float]) -> list[float]:
    """Corrected p values, in the order given (Holm 1979): the smallest times m, the next times m - 1, ..."""
    corrected, largest = [0.0] * len(values), 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (len(values) - rank) * values[index]))
        corrected[index] = largest
    return corrected
