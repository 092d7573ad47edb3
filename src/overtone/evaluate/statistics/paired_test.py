"""Bootstrap tests of a difference between two systems that answered the same rows."""

import numpy as np

from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.resample import RESAMPLES, Numbers, draws

_TINY = 1e-12  # rounding in a mean of values between -1 and 1


def paired_mean_test(differences: Numbers, seed: int, resamples: int = RESAMPLES) -> float:
    """Two-sided p of the mean of row differences being 0, by a studentised bootstrap.

    Each resample's distance from the observed mean is measured in its own standard errors (Efron and
    Tibshirani 1993, section 16.4), which keeps false alarms near 5 % from few rows on, where the plain one
    gives more. A resample without spread counts as extreme; if no two rows differ, the sign test decides.
    """
    if np.ptp(differences) == 0:
        return mcnemar(len(differences), 0) if differences[0] else 1.0
    mean, observed = differences.mean(), abs(differences.mean()) / differences.std()
    extreme = sum(_extreme(block, mean, observed) for block in draws(differences, seed, resamples))
    return (1 + extreme) / (1 + resamples)


def _extreme(block: Numbers, mean: float, observed: float) -> int:
    away, spread = np.abs(block.mean(axis=1) - mean), block.std(axis=1)
    ratio = np.divide(away, spread, out=np.full_like(away, np.inf), where=spread > _TINY)
    return int((ratio >= observed - _TINY).sum())


def shifted_test(resampled: Numbers, observed: float) -> float:
    """Two-sided p of a difference being 0, from differences of resampled sets (Noreen 1989, chapter 4).

    The resamples are shifted so that they centre on 0; p is the share at least as far out as the observed.
    """
    if not np.any(resampled) and observed == 0:
        return 1.0
    extreme = (np.abs(resampled - observed) >= abs(observed) - _TINY).sum()
    return float(1 + extreme) / (1 + len(resampled))
