"""Rows that share a source: each group is one piece of evidence, so its rows are summed before anything is drawn."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from overtone.evaluate.statistics.bootstrap import bias_corrected
from overtone.evaluate.statistics.normal import CONFIDENCE
from overtone.evaluate.statistics.resample import RESAMPLES, Numbers, resampled_sums
from overtone.evaluate.statistics.student import widened
from overtone.evaluate.statistics.unvarying import unvarying

Places = NDArray[np.int64]


def places(names: Sequence[str]) -> Places | None:
    """The group of each row by its name, counted from 0; a row without a name stands for itself.

    None where no two rows share one.
    """
    own = [name or f"\0{row}" for row, name in enumerate(names)]
    known = {name: place for place, name in enumerate(dict.fromkeys(own))}
    return np.array([known[name] for name in own]) if len(known) < len(own) else None


def by_group(tallies: Numbers, place: Places) -> Numbers:
    """The sums of each group: tallies (rows, sums) and each row's group, counted from 0, to (groups, sums)."""
    sums = np.zeros((int(place.max()) + 1, tallies.shape[1]))
    np.add.at(sums, place, tallies)
    return sums


def effective_groups(sizes: Numbers) -> float:
    """How many groups of equal size would weigh as these do (Kish 1965, section 11.7)."""
    return float(sizes.sum() ** 2 / (sizes**2).sum())


def group_bootstrap(
    sums: Numbers,
    sizes: Numbers,
    of_sums: Callable[[Numbers], Numbers],
    seed: int,
    lowest: float = 0.0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> tuple[float, float]:
    """BCa interval of a value of summed tallies, whole groups being drawn again (Davison and Hinkley 1997, 3.8).

    Group sums (groups, sums) with the rows of each; `of_sums` gives the value of (..., sums). The confidence is widened
    for as few groups as there are.
    """
    value, groups = float(of_sums(sums.sum(axis=0))), effective_groups(sizes)
    resampled = of_sums(resampled_sums(sums, seed, resamples))
    if np.ptp(resampled) == 0:
        return unvarying(value, max(1, round(groups)), lowest, 1.0, confidence)
    return bias_corrected(resampled, value, acceleration(sums, of_sums), widened(groups, confidence))


def acceleration(sums: Numbers, of_sums: Callable[[Numbers], Numbers]) -> float:
    """How fast the standard error changes with the value, from leaving out one group at a time (Efron 1987)."""
    without = of_sums(sums.sum(axis=0) - sums)
    spread = without.mean() - without
    squares = float((spread**2).sum())
    return float((spread**3).sum() / (6 * squares**1.5)) if squares > 0 else 0.0
