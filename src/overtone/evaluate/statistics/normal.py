"""Quantiles of the standard normal distribution that intervals and power are built from."""

from statistics import NormalDist

NORMAL = NormalDist()
CONFIDENCE = 0.95
LEVEL = 0.05  # chance of a false alarm that is accepted
POWER = 0.8


def two_sided(confidence: float = CONFIDENCE) -> float:
    """The quantile that leaves half of the doubt on either side: 1.96 for 95 %."""
    return NORMAL.inv_cdf((1 + confidence) / 2)
