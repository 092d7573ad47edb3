"""The smallest difference that a number of test rows can show: 80 % power at a 5 % level, two-sided."""

from math import sqrt

from overtone.evaluate.statistics.normal import CONFIDENCE, NORMAL, POWER, two_sided


def detectable_share(
    n: int, discordance: float, confidence: float = CONFIDENCE, power: float = POWER
) -> float:
    """Smallest difference of two shares that McNemar's test finds in `n` rows.

    `discordance` is the share of rows that only one system gets right. Connor (1987, equation 3.3), solved
    for the difference d: sqrt(n) d = z_level sqrt(discordance) + z_power sqrt(discordance - d^2). No
    difference can exceed the discordance; 1 where even that would not be found.
    """
    level, strength = two_sided(confidence), NORMAL.inv_cdf(power)
    within = max(0.0, n + strength**2 - level**2)  # below 0 for up to three rows, which can show nothing
    found = sqrt(discordance) * (level * sqrt(n) + strength * sqrt(within)) / (n + strength**2)
    return found if within and found <= discordance else 1.0


def detectable_mean(n: int, deviation: float, confidence: float = CONFIDENCE, power: float = POWER) -> float:
    """Smallest mean difference found in `n` rows whose differences have this standard deviation.

    Normal theory: (z_level + z_power) deviation / sqrt(n) (Cohen 1988, section 2.4), at most 1.
    """
    return min(1.0, (two_sided(confidence) + NORMAL.inv_cdf(power)) * deviation / sqrt(n))


def assumed_discordance(share: float) -> float:
    """Discordance of two systems that are both right on this share of rows, independently of each other."""
    return 2 * share * (1 - share)
