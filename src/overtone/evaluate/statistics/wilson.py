"""The Wilson score interval: how sure a share of rows is."""

from math import sqrt

from overtone.evaluate.statistics.normal import CONFIDENCE, two_sided


def wilson(successes: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a share of `n` rows; never outside 0 to 1 and never of width 0 (Wilson 1927, p. 210)."""
    z = two_sided(confidence)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)
