"""Student's t: how much wider an interval must be for the spread being estimated from few rows."""

from functools import lru_cache
from math import sqrt

from overtone.evaluate.statistics.normal import CONFIDENCE, NORMAL

CERTAIN = 1 - 1e-12


@lru_cache(maxsize=1024)
def student(degrees: float, confidence: float = CONFIDENCE) -> float:
    """The quantile of Student's t that leaves half of the doubt on either side: 2.09 for 19 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


def as_normal(quantile: float) -> float:
    """The confidence that a normal quantile stands for, short of certainty, which no interval could show."""
    return min(CERTAIN, 2 * NORMAL.cdf(quantile) - 1)


def widened(n: float, confidence: float = CONFIDENCE) -> float:
    """The confidence to ask of a bootstrap over `n` rows so that its interval keeps the given one.

    Resampled means spread too little, by sqrt((n - 1) / n), and normal quantiles are too short for few rows; both
    are put right as in Hesterberg (2015, section 5.3, the expanded percentile interval).
    """
    if n <= 1:
        return confidence
    return as_normal(sqrt(n / (n - 1)) * student(max(1.0, n - 1), confidence))
