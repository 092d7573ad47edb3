"""A mean of row values with its interval, and the difference of two on the same rows with its test."""

import numpy as np

from overtone.core.score import Comparison, Score
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_share import paired_share
from overtone.evaluate.statistics.paired_test import paired_mean_test
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.share import share_interval


def estimate(values: Numbers, seed: int = 0) -> Score:
    """The mean of row values (rows,) between 0 and 1: Wilson where all are 0 or 1, else BCa over rows."""
    whole = bool(np.isin(values, (0.0, 1.0)).all())
    low, high = share_interval(float(values.sum()), len(values)) if whole else bca(values, seed)
    return Score(float(values.mean()), low, high, len(values), "wilson" if whole else "bca")


def paired(first: Numbers, second: Numbers, seed: int = 0) -> Comparison:
    """First minus second, row by row: exact McNemar where all are 0 or 1, else a paired bootstrap."""
    change = first - second
    if np.isin(first, (0.0, 1.0)).all() and np.isin(second, (0.0, 1.0)).all():
        gained, lost = int((change > 0).sum()), int((change < 0).sum())
        low, high = paired_share(gained, lost, len(change))
        p = mcnemar(gained, lost)
        return Comparison(float(change.mean()), low, high, p, p, "exact McNemar")
    low, high = bca(change, seed, lowest=-1.0)
    p = paired_mean_test(change, seed)
    return Comparison(float(change.mean()), low, high, p, p, "paired bootstrap")
