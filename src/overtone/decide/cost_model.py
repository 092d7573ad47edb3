"""From a few measured pieces of work to the whole: a straight line in the rows, and the cost of a training's steps.

A step costs a T + b sum(L^2) + c: T tokens, rows of length L, and what every step costs (products with the weights
grow with the tokens, attention with the squared length of each row).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Batch:
    """The lengths of the rows of one step."""

    lengths: tuple[int, ...]

    @property
    def parts(self) -> tuple[float, ...]:
        """One, the tokens, the sum of squared lengths."""
        return 1.0, float(sum(self.lengths)), float(sum(length**2 for length in self.lengths))


def straight(points: Sequence[tuple[float, float]], rows: float) -> float:
    """The cost at a number of rows on the straight line through points (rows, cost), no part of it below 0."""
    return _fitted([((1.0, size), cost) for size, cost in points], (1.0, rows))


def steps_cost(measured: Sequence[tuple[Batch, float]], wanted: Sequence[Batch], steps: float) -> float:
    """The cost of rows by the model through the measured steps, if they come in so many steps.

    A few rows rarely fill their last step, so `wanted` may hold more steps than as large a part of many rows does.
    """
    sums = [steps, *(sum(batch.parts[place] for batch in wanted) for place in (1, 2))]
    return _fitted([(batch.parts, cost) for batch, cost in measured], sums)


def _fitted(measured: Sequence[tuple[tuple[float, ...], float]], wanted: Sequence[float]) -> float:
    """Least squares of relative errors with no weight below 0 (Lawson and Hanson 1974), at the wanted parts.

    Relative errors, so that a large piece of work does not drown the small ones. Where fewer were measured than
    there are parts, what grows with the rows comes before what is always the same.
    """
    import numpy as np
    from scipy.optimize import nnls

    kept = slice(None) if len(measured) >= len(wanted) else slice(1, 1 + len(measured))
    costs = np.maximum([cost for _, cost in measured], 1e-9)
    parts = np.array([parts[kept] for parts, _ in measured])
    scale = parts.max(axis=0)
    weights, _ = nnls(parts / scale / costs[:, None], np.ones(len(costs)))
    return float(np.asarray(wanted[kept]) / scale @ weights)
