"""Pairs of answers among which length tells nothing: as often the longer one is chosen as the shorter one."""

import math
from collections.abc import Sequence

import numpy as np

from overtone.core.example import Example

PARTS = 8  # by how far the lengths of a pair lie apart


def even_lengths(examples: Sequence[Example]) -> list[int]:
    """The places of pairs that hold the balance, in their order.

    Pairs of unlike lengths are parted by how many times as long the one answer is as the other. Of each part as many
    with the longer answer chosen are kept as with the shorter one, the first by id; pairs of equal length all stay.
    """
    gains = np.array([_gain(row) for row in examples])
    kept = set(np.flatnonzero(gains == 0).tolist())
    unlike = np.flatnonzero(gains)
    if not len(unlike):
        return sorted(kept)
    ends = np.quantile(np.abs(gains[unlike]), np.linspace(0, 1, PARTS + 1)[1:-1])
    parts = np.searchsorted(ends, np.abs(gains[unlike]))
    for part in range(PARTS):
        members = sorted(unlike[parts == part].tolist(), key=lambda place: examples[place].id)
        sides = [[one for one in members if gains[one] * side > 0] for side in (1, -1)]
        least = min(map(len, sides))
        kept.update(one for side in sides for one in side[:least])
    return sorted(kept)


def _gain(row: Example) -> float:
    """By how much the chosen answer is longer, as the logarithm of the ratio of characters."""
    return math.log((len(row.completion) + 1) / (len(row.rejected) + 1))
