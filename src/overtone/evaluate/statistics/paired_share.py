"""The interval of a difference between two shares of the same rows."""

from math import sqrt

from overtone.evaluate.statistics.normal import CONFIDENCE, two_sided


def paired_share(
    only_first: int, only_second: int, n: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Adjusted Wald interval of first minus second (Bonett and Price 2012, equation 3).

    One row is added to each kind of disagreement, which keeps the coverage for few rows and the width
    above 0.
    """
    first, second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
    half = two_sided(confidence) * sqrt((first + second - (first - second) ** 2) / (n + 2))
    return max(-1.0, first - second - half), min(1.0, first - second + half)
