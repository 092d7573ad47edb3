"""The smallest difference that a number of test rows can show: 80 % power at a 5 % level, two-sided."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from overtone.evaluate.statistics.normal import CONFIDENCE, NORMAL, POWER, two_sided
from overtone.evaluate.statistics.student import student

_HALVINGS = 40  # of the range in which the answer lies
_SPREADS = 7  # standard deviations around the expected number of rows that differ


def detectable_share(
    n: int, discordance: float, confidence: float = CONFIDENCE, power: float = POWER
) -> float:
    """Smallest difference of two shares that McNemar's exact test finds in `n` rows; 1 where none is found.

    `discordance` is the share of rows that only one system gets right; it is at least the difference itself. Found by
    halving, for the power grows with the difference.
    """
    if mcnemar_power(n, 1.0, 1.0, confidence) < power:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = mcnemar_power(n, max(discordance, middle), middle, confidence) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def mcnemar_power(n: int, discordance: float, difference: float, confidence: float = CONFIDENCE) -> float:
    """How often McNemar's exact test finds a difference of two shares in `n` rows (Duffy 1984).

    The rows on which the systems differ are binomial; among them, one system is right in a binomial number.
    """
    from scipy.special import bdtr, bdtrc

    around = _SPREADS * sqrt(n * discordance * (1 - discordance)) + 1
    first, last = max(0, int(n * discordance - around)), min(n, int(n * discordance + around))
    differ = np.arange(first, last + 1)
    most = _most_rejected(differ, confidence)
    wins = (discordance + difference) / (2 * discordance) if discordance else 0.5
    found = np.where(most < 0, 0.0, bdtr(most, differ, wins) + bdtrc(differ - most - 1, differ, wins))
    weights = bdtr(differ, n, discordance) - np.where(differ > 0, bdtr(differ - 1, n, discordance), 0.0)
    return float((weights * found).sum())


def rows_to_show(
    difference: float, discordance: float, confidence: float = CONFIDENCE, power: float = POWER
) -> int:
    """About how many rows it takes to find a difference of two shares, from 0 to 1 (Connor 1987, equation 3.3)."""
    differ = max(discordance, difference)
    level, strength = two_sided(confidence), NORMAL.inv_cdf(power)
    root = level * sqrt(differ) + strength * sqrt(differ - difference**2)
    return round((root / difference) ** 2 + 1 / difference)


def detectable_mean(n: int, deviation: float, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """Smallest mean difference found in `n` rows whose differences have this standard deviation, at most 1.

    (t_level + z_power) deviation / sqrt(n), as Cohen (1988, section 2.4) with Student's t for few rows.
    """
    if n < 2:
        return 1.0
    return min(1.0, (student(n - 1, confidence) + NORMAL.inv_cdf(power)) * deviation / sqrt(n))


def detectable_value(error: float, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """Smallest difference found where it is measured with this standard error, at most 1."""
    return min(1.0, (two_sided(confidence) + NORMAL.inv_cdf(power)) * error)


def assumed_discordance(share: float) -> float:
    """Discordance of two systems that are both right on this share of rows, independently of each other."""
    return 2 * share * (1 - share)


def _most_rejected(differ: NDArray[np.int64], confidence: float) -> NDArray[np.int64]:
    """For so many rows that differ, at most how many the worse system may win for the test to reject; -1 for none."""
    from scipy.special import bdtr

    tail = (1 - confidence) / 2
    guess = (differ / 2 + NORMAL.inv_cdf(tail) * np.sqrt(differ) / 2).astype(np.int64) + 2
    most = np.minimum(guess, differ)
    while True:
        over = (most >= 0) & (bdtr(np.maximum(most, 0), differ, 0.5) > tail)
        if not over.any():
            return most
        most = most - over
