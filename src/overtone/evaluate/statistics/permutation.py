"""The paired permutation test: were the two systems the same, their answers to any row could change places."""

from collections.abc import Callable, Iterator
from itertools import product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from overtone.evaluate.statistics.resample import RESAMPLES, Numbers

EXACT = 1 << 14  # distinct outcomes up to which all are counted
_AT_ONCE = 1 << 22  # numbers of a block of draws held in memory
_TINY = 1e-12  # rounding in a value between -1 and 1


def swap_test(
    first: Numbers,
    second: Numbers,
    of_sums: Callable[[Numbers], Numbers],
    seed: int,
    resamples: int = RESAMPLES,
) -> float:
    """Two-sided p of two systems being the same, from tallies (units, sums) of rows or of groups.

    Each unit's tallies change places between the systems or not (Pitman 1937; Noreen 1989, chapter 2). For a mean that
    flips the signs of the differences; for right and wrong rows it is McNemar's exact test. All outcomes are counted
    up to `EXACT` different ones, else so many are drawn, the observed one added (Phipson and Smyth 2010).
    """
    kinds, counts, start = _kinds(first, second)
    total = first.sum(axis=0) + second.sum(axis=0)

    def distance(moved: Numbers) -> Numbers:
        one = start + moved @ kinds
        return np.abs(of_sums(one) - of_sums(total - one))

    observed = float(np.abs(of_sums(first.sum(axis=0)) - of_sums(second.sum(axis=0)))) - _TINY
    if prod(int(count) + 1 for count in counts) <= EXACT:
        moved, weights = _all(counts)
        return min(1.0, float(weights[distance(moved) >= observed].sum()))
    extreme = sum(int((distance(moved) >= observed).sum()) for moved in _drawn(counts, seed, resamples))
    return (1 + extreme) / (1 + resamples)


def _kinds(first: Numbers, second: Numbers) -> tuple[Numbers, NDArray[np.int64], Numbers]:
    """The different changes that a unit can bring, how many units bring each, and the sums where none does.

    Units that agree bring none. A change and its opposite are one kind, begun from either end.
    """
    change = first - second
    change = change[np.any(change != 0, axis=1)]
    leading = np.take_along_axis(change, np.argmax(change != 0, axis=1)[:, None], axis=1)
    backward = change * (leading < 0)
    kinds, counts = np.unique(change * np.sign(leading), axis=0, return_counts=True)
    return kinds, counts, second.sum(axis=0) + backward.sum(axis=0)


def _all(counts: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    """Every number of moved units of each kind, and the probability of each outcome."""
    choices = [range(int(count) + 1) for count in counts]
    outcomes = list(product(*choices))
    moved = np.array(outcomes, dtype=np.float64).reshape(len(outcomes), len(counts))
    shares = [[comb(len(kind) - 1, k) / 2 ** (len(kind) - 1) for k in kind] for kind in choices]
    return moved, np.array([prod(outcome) for outcome in product(*shares)])


def _drawn(counts: NDArray[np.int64], seed: int, resamples: int) -> Iterator[Numbers]:
    random, block = np.random.default_rng(seed), max(1, _AT_ONCE // len(counts))
    for begun in range(0, resamples, block):
        size = min(block, resamples - begun), len(counts)
        yield random.binomial(counts, 0.5, size=size).astype(np.float64)
