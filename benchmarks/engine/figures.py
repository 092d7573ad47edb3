"""The arithmetic of results: medians with their spread, ratios round by round, a fit of cost."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spread:
    """The median of repeats with the smallest and the largest."""

    median: float
    low: float
    high: float

    def told(self, digits: int = 1) -> str:
        """`12.3 [11.9, 12.8]`."""
        return f"{self.median:.{digits}f} [{self.low:.{digits}f}, {self.high:.{digits}f}]"


def spread(values: Sequence[float]) -> Spread:
    """Median, smallest and largest."""
    return Spread(statistics.median(values), min(values), max(values))


def faster(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """How many times faster `ours` is: the ratio in each round, so that both met the same machine."""
    return spread([other / own for own, other in zip(ours, theirs, strict=True)])


@dataclass(frozen=True)
class Fit:
    """seconds = `linear` * T + `quadratic` * S, and how far the points lie from it, as shares of themselves."""

    linear: float
    quadratic: float
    errors: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The largest relative distance."""
        return max(map(abs, self.errors))


def fit_cost(seconds: Sequence[float], tokens: Sequence[float], squares: Sequence[float]) -> Fit:
    """Least squares of relative errors, with no negative coefficient.

    `tokens` is T, the sum of lengths, and `squares` S, the sum of squared lengths.
    """
    from scipy.optimize import nnls

    measured = np.asarray(seconds, dtype=float)
    columns = np.stack([tokens, squares], axis=1) / measured[:, None]
    scale = columns.max(axis=0)
    found, _ = nnls(columns / scale, np.ones(len(measured)))
    linear, quadratic = found / scale
    errors = columns @ [linear, quadratic] - 1
    return Fit(float(linear), float(quadratic), tuple(map(float, errors)))


def disagreement(losses: Sequence[float]) -> float:
    """The largest relative difference between any two; no number where one of them is none."""
    return float(np.ptp(losses) / np.min(np.abs(losses)))
