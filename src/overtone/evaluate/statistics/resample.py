"""Drawing rows again with replacement, many times, from a seed."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
_AT_ONCE = 1 << 20  # drawn rows held in memory at a time

Numbers = NDArray[np.float64]


def draws(values: Numbers, seed: int, resamples: int = RESAMPLES) -> Iterator[Numbers]:
    """Yield blocks of resampled rows: (block, rows). The blocks together hold `resamples` of them."""
    random, rows = np.random.default_rng(seed), len(values)
    block = max(1, _AT_ONCE // rows)
    for start in range(0, resamples, block):
        yield values[random.integers(0, rows, (min(block, resamples - start), rows))]


def resampled_sums(tallies: Numbers, seed: int, resamples: int = RESAMPLES) -> Numbers:
    """Sums of the tallies over each resample: (rows, sums) to (resamples, sums).

    Rows with equal tallies are exchangeable, so it is drawn how often each kind of row appears: few kinds
    make this many times faster than drawing the rows.
    """
    kinds, counts = np.unique(tallies, axis=0, return_counts=True)
    random = np.random.default_rng(seed)
    times = random.multinomial(len(tallies), counts / len(tallies), size=resamples)
    sums: Numbers = times.astype(np.float64) @ kinds
    return sums
