"""The bias-corrected and accelerated bootstrap interval of a mean."""

import numpy as np

from overtone.evaluate.statistics.bootstrap import bias_corrected
from overtone.evaluate.statistics.normal import CONFIDENCE
from overtone.evaluate.statistics.resample import RESAMPLES, Numbers, draws
from overtone.evaluate.statistics.unvarying import unvarying


def bca(
    values: Numbers,
    seed: int,
    lowest: float = 0.0,
    highest: float = 1.0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """BCa interval of the mean of row values in a known range (Efron 1987, section 7).

    Where all values are the same, or there is only one, the range of possible values bounds it instead.
    """
    if np.ptp(values) == 0:
        return unvarying(float(values[0]), len(values), lowest, highest, confidence)
    means = np.concatenate([block.mean(axis=1) for block in draws(values, seed, resamples)])
    return bias_corrected(means, float(values.mean()), acceleration(values), confidence)


def acceleration(values: Numbers) -> float:
    """How fast the standard error of the mean changes with the mean, from leaving out one row at a time."""
    without = (values.sum() - values) / (len(values) - 1)
    spread = without.mean() - without
    return float((spread**3).sum() / (6 * (spread**2).sum() ** 1.5))
