"""Holm's correction: many tests at once, and still at most 5 % chance of any false alarm."""

from collections.abc import Sequence


def holm(values: Sequence[float], family: int | None = None) -> list[float]:
    """Corrected p values, in the order given (Holm 1979): the smallest times m, the next times m - 1, ...

    `family` is the number m of tests that could have been made where the results chose these ones: against the best of
    k systems, all k (k - 1) / 2 pairs. The tests left out count as ones that found nothing, which is safe.
    """
    tests = max(len(values), family or 0)
    corrected, largest = [0.0] * len(values), 0.0
    for rank, index in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (tests - rank) * values[index]))
        corrected[index] = largest
    return corrected
