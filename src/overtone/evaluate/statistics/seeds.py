"""Several runs of one system that differ by their seed alone: mean, spread, and what other seeds and rows would give.

Values are those of rows by run: (seeds, rows). The rows are the same in every run, so rows and seeds are crossed, and
both vary in what is concluded (Bouthillier et al. 2021). A system that no seed changes has one run.
"""

from dataclasses import dataclass

import numpy as np

from overtone.core.score import Comparison
from overtone.evaluate.statistics.normal import CONFIDENCE
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.student import student
from overtone.evaluate.statistics.unvarying import unvarying

_ROUNDING = 1e-15


@dataclass(frozen=True, slots=True)
class SeedScore:
    """The mean over runs and rows with its interval, and the standard deviation of the runs' own means."""

    value: float
    low: float
    high: float
    spread: float
    seeds: int
    n: int


def over_seeds(values: Numbers, confidence: float = CONFIDENCE) -> SeedScore:
    """Mean, spread and interval of row values (seeds, rows) from 0 to 1.

    The variance of the mean is that of two crossed random factors (Searle, Casella and McCulloch 1992, section 4.3),
    its degrees of freedom are Satterthwaite's (1946). From three seeds on this keeps its promise, where drawing seeds
    and rows again (Owen 2007) falls short.
    """
    seeds, n = values.shape
    value = float(values.mean())
    variance, degrees = _added(_of_rows(values.mean(axis=0)), _of_seeds(values))
    low, high = _interval(value, variance, degrees, n, 0.0, confidence)
    spread = float(values.mean(axis=1).std(ddof=1)) if seeds > 1 else 0.0
    return SeedScore(value, low, high, spread, seeds, n)


def compare_over_seeds(first: Numbers, second: Numbers, confidence: float = CONFIDENCE) -> Comparison:
    """First minus second, both (seeds, rows) on the same rows, each with its own seeds.

    Rows are paired; the seeds of each system add what they vary by. Student's t on the sum of both.
    """
    from scipy.special import stdtr

    change = first.mean(axis=0) - second.mean(axis=0)
    value, n = float(change.mean()), len(change)
    variance, degrees = _added(_of_rows(change), _of_seeds(first), _of_seeds(second))
    low, high = _interval(value, variance, degrees, n, -1.0, confidence)
    if variance > _ROUNDING:
        p = float(2 * stdtr(degrees, -abs(value) / variance**0.5))
    else:
        p = min(1.0, 2.0 ** (1 - n)) if value else 1.0
    return Comparison(value, low, high, p, p, "paired t over rows and seeds")


Part = tuple[
    float, float, float
]  # a variance, the mean square it rests on in the same units, degrees of freedom


def _of_rows(means: Numbers) -> Part:
    """What other rows would change."""
    n = len(means)
    variance = float(means.var(ddof=1)) / n if n > 1 else 0.0
    return variance, variance, max(1, n - 1)


def _of_seeds(values: Numbers) -> Part:
    """What other seeds would change beyond what the rows explain; nothing where there is one run."""
    seeds, n = values.shape
    if seeds == 1 or n == 1:
        return 0.0, 0.0, 1.0
    runs = values.mean(axis=1)
    rest = values - values.mean(axis=0) - runs[:, None] + values.mean()
    of_runs = float(runs.var(ddof=1)) / seeds
    of_rest = float((rest**2).sum()) / ((seeds - 1) * (n - 1)) / (seeds * n)
    return max(0.0, of_runs - of_rest), of_runs, seeds - 1


def _added(*parts: Part) -> tuple[float, float]:
    """The variance of all parts together and its degrees of freedom."""
    variance = sum(part for part, _, _ in parts)
    doubt = sum(square**2 / degrees for _, square, degrees in parts)
    return variance, max(1.0, variance**2 / doubt) if doubt > 0 else 1.0


def _interval(
    value: float, variance: float, degrees: float, n: int, lowest: float, confidence: float
) -> tuple[float, float]:
    if variance <= _ROUNDING:
        return unvarying(value, n, lowest, 1.0, confidence)
    half = student(degrees, confidence) * float(np.sqrt(variance))
    return max(lowest, value - half), min(1.0, value + half)
