"""The interval of a share or a mean of some rows; where rows share a source, sources count and not rows."""

from collections.abc import Sequence

import numpy as np

from overtone.core.example import Example
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.groups import Places, by_group, group_bootstrap
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.share import clustered_share, share_interval
from overtone.evaluate.statistics.student import widened


def sources(examples: Sequence[Example]) -> Places | None:
    """The group of each row, counted from 0; None where every row stands for itself."""
    if len({row.group for row in examples if row.group}) == sum(bool(row.group) for row in examples):
        return None
    names = [row.group or f" {place}" for place, row in enumerate(examples)]
    return _numbered(np.array(names))


def mean_interval(
    values: Numbers, place: Places | None, seed: int, lowest: float = 0.0, highest: float = 1.0
) -> tuple[float, float]:
    """95 % interval of a mean of row values in a known range: BCa over the rows, or over their groups."""
    if place is None:
        return bca(values, seed, lowest=lowest, highest=highest, confidence=widened(len(values)))
    sums = by_group(np.stack([values, np.ones_like(values)], axis=1), _numbered(place))
    return group_bootstrap(sums, sums[:, 1], lambda summed: summed[..., 0] / summed[..., 1], seed, lowest)


def share_of(hits: Numbers, place: Places | None = None) -> tuple[float, float]:
    """95 % interval of a share of rows, each 1 or 0."""
    if place is None:
        return share_interval(float(hits.sum()), len(hits))
    sums = by_group(np.stack([hits, np.ones_like(hits)], axis=1), _numbered(place))
    return clustered_share(sums[:, 0], sums[:, 1])


def _numbered(names: np.ndarray) -> Places:
    """Groups counted from 0 without gaps."""
    places: Places = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return places
