"""Samples of a prompt with their rewards, as an update of GRPO gets them after a draw: the same for all contestants.

Shao et al. 2024, "DeepSeekMath", arXiv 2402.03300: the advantage of section 4.1.2, with the group's own deviation.
"""

from collections.abc import Sequence
from itertools import groupby
from statistics import fmean, pstdev

from benchmarks.engine.rows import Row

BETA, CLIP = 0.04, 0.2
REFERENCE = -9.0  # the natural-log probability that every sampled token is said to have had before training


def groups(rows: Sequence[Row]) -> list[list[Row]]:
    """The samples of each prompt."""
    return [list(group) for _, group in groupby(rows, key=lambda row: row.prompt)]


def rewards(samples: Sequence[Row]) -> list[float]:
    """Of the samples of one prompt, in turn 0, 1 and 2."""
    return [float(turn % 3) for turn in range(len(samples))]


def advantages(rows: Sequence[Row]) -> list[float]:
    """Of all samples, in standard deviations above the mean of their group."""
    found: list[float] = []
    for group in groups(rows):
        given = rewards(group)
        found += [(reward - fmean(given)) / pstdev(given) for reward in given]
    return found
