"""How far a metric on some rows is from that on others, and whether that is chance: two groups of rows, one system."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from overtone.core.score import Comparison
from overtone.evaluate.diagnosis.slices import LEAST_TESTED, apart
from overtone.evaluate.metric import Metric
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.groups import Places, by_group
from overtone.evaluate.statistics.paired_test import shifted_test
from overtone.evaluate.statistics.resample import Numbers, resampled_sums
from overtone.evaluate.statistics.share import share_interval

Mask = NDArray[np.bool_]


def gap(metric: Metric, tallies: Numbers, inside: Mask, place: Places | None, seed: int) -> Comparison | None:
    """The metric on the rows inside minus that on the others, from the tallies (rows, sums) of both.

    Shares of rows that stand for themselves: the interval of Newcombe, and Fisher's exact test. All else: a bootstrap
    that draws rows, or the groups that `place` tells, on either side anew. None where a side has too few rows to be
    told apart.
    """
    if min(inside.sum(), (~inside).sum()) < LEAST_TESTED:
        return None
    if place is None and metric.interval == "wilson":
        return _of_shares(tallies[:, 0], inside)
    return _of_draws(metric, tallies, inside, place, seed)


def _of_shares(values: Numbers, inside: Mask) -> Comparison:
    """Newcombe 1998 (Statistics in Medicine 17:873), method 10: distances to the ends of both intervals."""
    first, second = values[inside], values[~inside]
    change = float(first.mean() - second.mean())
    (low, high), (lower, higher) = (share_interval(float(side.sum()), len(side)) for side in (first, second))
    down = sqrt((first.mean() - low) ** 2 + (higher - second.mean()) ** 2)
    up = sqrt((high - first.mean()) ** 2 + (second.mean() - lower) ** 2)
    p = apart(values, inside)
    assert p is not None  # both sides have enough rows
    return Comparison(change, change - down, change + up, p, p, "Fisher's exact test")


def _of_draws(metric: Metric, tallies: Numbers, inside: Mask, place: Places | None, seed: int) -> Comparison:
    """The difference over resamples of sources, drawn apart by the sides that they have rows on (Noreen 1989, ch. 4).

    A source with rows on both sides, such as a text and its translation, brings both of them along.
    """
    sides = np.concatenate([tallies * inside[:, None], tallies * ~inside[:, None]], axis=1)
    places = np.arange(len(tallies)) if place is None else np.unique(place, return_inverse=True)[1]
    sums = by_group(sides, places)
    counts = by_group(np.stack([inside, ~inside], axis=1).astype(np.float64), places) > 0
    kinds = counts[:, 0] * 2 + counts[:, 1]
    drawn = sum(resampled_sums(sums[kinds == kind], seed + int(kind)) for kind in np.unique(kinds))

    def difference(of: Numbers) -> Numbers:
        one, other = np.split(of, 2, axis=-1)
        return metric.of_sums(one) - metric.of_sums(other)

    change, changes = float(difference(sums.sum(axis=0))), difference(np.asarray(drawn))
    low, high = of_set(changes, change, len(sums), lowest=-1.0)
    p = shifted_test(changes, change)
    return Comparison(change, low, high, p, p, "bootstrap of two groups of rows")
