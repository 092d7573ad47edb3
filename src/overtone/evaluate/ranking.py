"""How well scores rank what is wanted above the rest: area under the ROC curve, average precision.

Both are values of a whole set. Here each is written as a value for every row whose mean is exactly the value of the
set and whose spread is that of the value: the value plus the row's influence on it (DeLong et al. 1988 for the ROC
area; Efron 1982, chapter 6, for influence). So means of rows can be resampled and compared in pairs.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Wanted = NDArray[np.bool_]


def area_under_roc(wanted: Wanted, scores: Numbers) -> Numbers:
    """A value for each row (rows,), with the area as their mean: ties between wanted and not count half."""
    inside, outside = np.sort(scores[wanted]), np.sort(scores[~wanted])
    below = (_before(outside, scores, "left") + _before(outside, scores, "right")) / 2
    above = 1 - (_before(inside, scores, "left") + _before(inside, scores, "right")) / 2
    area = below[wanted].mean()
    placed = np.where(wanted, below, above)  # how a row fares against those of the other side
    weight = len(wanted) / np.where(wanted, len(inside), len(outside))
    values: Numbers = area + weight * (placed - area)
    return values


def average_precision(wanted: Wanted, scores: Numbers) -> Numbers:
    """A value for each row (rows,), with the average precision as their mean; rows of one score come together."""
    _, group = np.unique(scores, return_inverse=True)  # in order of the score, the lowest first
    inside = np.bincount(group, weights=wanted)
    hits, size = (np.cumsum(counts[::-1])[::-1] for counts in (inside, np.bincount(group)))  # at or above
    precision, total = hits / size, inside.sum()
    value = (inside * precision).sum() / total
    helped, harmed = np.cumsum(inside / size), np.cumsum(inside * hits / size**2)  # by groups at or below
    pulled = wanted * (precision[group] + helped[group] - value) - harmed[group]
    values: Numbers = value + len(wanted) * pulled / total
    return values


def over_classes(
    measure: Callable[[Wanted, Numbers], Numbers], wanted: Wanted, scores: Numbers, contrast: bool
) -> Numbers:
    """Mean over the classes of a measure: wanted and scores (rows, classes) to (rows,).

    Classes that no row wants are left out; with a `contrast` also those that every row wants. Where no class is
    left, nothing is ranked and each row has 0.5.
    """
    usable = wanted.any(axis=0) & (~wanted.all(axis=0) | (not contrast))
    columns = [measure(wanted[:, column], scores[:, column]) for column in np.flatnonzero(usable)]
    return np.mean(columns, axis=0) if columns else np.full(len(wanted), 0.5)


def _before(ordered: Numbers, scores: Numbers, side: str) -> Numbers:
    """The share of the ordered scores that lie below each score (`left`), or not above it (`right`)."""
    places: Numbers = np.searchsorted(ordered, scores, side=side) / len(ordered)  # type: ignore[call-overload]
    return places
