"""A mean of row values with its interval, and the difference of two on the same rows with its test.

Where rows share sources, whole sources are resampled and exchanged. `sources` name that of each row; a row with an
empty name, and every row where there are no names, stands for itself.
"""

from collections.abc import Sequence

import numpy as np

from overtone.core.score import Comparison, Score
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.groups import Places, by_group, group_bootstrap, places
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_share import paired_share
from overtone.evaluate.statistics.paired_test import paired_mean_test
from overtone.evaluate.statistics.permutation import swap_test
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.share import clustered_share, share_interval


def estimate(values: Numbers, seed: int = 0, sources: Sequence[str] = ()) -> Score:
    """The mean of row values (rows,) between 0 and 1: Wilson where all are 0 or 1, else BCa over rows or sources."""
    whole, place = _whole(values), places(sources)
    value, method = float(values.mean()), "wilson" if whole else "bca"
    if place is not None:
        sums = _sums(values, place)
        interval = clustered_share(*sums.T) if whole else group_bootstrap(sums, sums[:, 1], _mean, seed)
        return Score(value, *interval, len(values), f"{method} of {len(sums)} groups")
    interval = share_interval(float(values.sum()), len(values)) if whole else bca(values, seed)
    return Score(value, *interval, len(values), method)


def paired(first: Numbers, second: Numbers, seed: int = 0, sources: Sequence[str] = ()) -> Comparison:
    """First minus second, row by row: exact McNemar where all are 0 or 1, else a paired bootstrap.

    Where rows share sources, a paired permutation of sources.
    """
    change, place = first - second, places(sources)
    if place is not None:
        return _by_source(first, second, place, seed)
    if _whole(first) and _whole(second):
        gained, lost = int((change > 0).sum()), int((change < 0).sum())
        low, high = paired_share(gained, lost, len(change))
        p = mcnemar(gained, lost)
        return Comparison(float(change.mean()), low, high, p, p, "exact McNemar")
    low, high = bca(change, seed, lowest=-1.0)
    p = paired_mean_test(change, seed)
    return Comparison(float(change.mean()), low, high, p, p, "paired bootstrap")


def _by_source(first: Numbers, second: Numbers, place: Places, seed: int) -> Comparison:
    one, other = _sums(first, place), _sums(second, place)
    change = np.stack([one[:, 0] - other[:, 0], one[:, 1]], axis=1)
    low, high = group_bootstrap(change, change[:, 1], _mean, seed, lowest=-1.0)
    p = swap_test(one, other, _mean, seed)
    return Comparison(float((first - second).mean()), low, high, p, p, "paired permutation of groups")


def _sums(values: Numbers, place: Places) -> Numbers:
    """The sum of each source's values, and its rows: (sources, 2)."""
    return by_group(np.stack([values, np.ones_like(values)], axis=1), place)


def _mean(sums: Numbers) -> Numbers:
    mean: Numbers = sums[..., 0] / sums[..., 1]
    return mean


def _whole(values: Numbers) -> bool:
    return bool(np.isin(values, (0.0, 1.0)).all())
