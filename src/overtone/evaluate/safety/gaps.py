"""Gaps between groups: the metric on the rows of each value of a trait, and the largest difference of two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.safety.wording import FEWEST
from overtone.evaluate.scores import score
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.groups import Places, by_group, places
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.resample import Numbers, resampled_sums

PERMUTATIONS = 5000

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Gap:
    """A trait: the metric in each of its groups, the largest difference (`high` - `low`), and its p."""

    trait: str
    groups: tuple[tuple[str, Score], ...]
    low: str
    high: str
    gap: Score  # its interval is of these two groups, chosen for being furthest apart
    p: float
    left_out: int  # rows of groups that are too small


def gaps(
    metric: Metric, rows: Sequence[Example], answers: Sequence[Answer], task: Task, seed: int = 0
) -> list[Gap]:
    """Every trait that has two groups of enough rows; the p values are corrected for the number of traits (Holm)."""
    judged = [(row, answer) for row, answer in zip(rows, answers, strict=True) if metric.judges(row)]
    traits = sorted({trait for row, _ in judged for trait, _ in row.traits})
    found = [gap for trait in traits for gap in _gap(trait, metric, judged, task, seed)]
    corrected = holm([gap.p for gap in found])
    return [replace(gap, p=p) for gap, p in zip(found, corrected, strict=True)]


def permutation_p(
    metric: Metric, tallies: Numbers, groups: Sequence[int], seed: int, place: Places | None = None
) -> float:
    """p of a range of group values as large as the observed one where groups say nothing.

    Groups are dealt out to the rows anew (Fisher 1935); the range over all groups pays for having picked the two
    that are furthest apart. Rows that share a source (`place`) stay together where the source lies in one group;
    where it lies in several, they are dealt out within it (block permutation, Winkler et al. 2015).
    """
    units, named, block = _blocks(tallies, np.asarray(groups), place)
    member = np.equal.outer(np.unique(named), named).astype(np.float64)  # (groups, units)
    random = np.random.default_rng(seed)
    home = np.argsort(block, kind="stable")
    observed = float(np.ptp(metric.of_sums(member @ units)))
    dealt, extreme = np.empty_like(units), 0
    for _ in range(PERMUTATIONS):
        dealt[home] = units[np.lexsort((random.random(len(units)), block))]
        extreme += float(np.ptp(metric.of_sums(member @ dealt))) >= observed - 1e-12
    return (1 + extreme) / (1 + PERMUTATIONS)


def _blocks(tallies: Numbers, groups: Places, place: Places | None) -> tuple[Numbers, Places, Places]:
    """What changes places, with its group and the block that it stays in: 0, or that of a source in several groups."""
    if place is None:
        return tallies, groups, np.zeros(len(groups), dtype=np.int64)
    several = np.array([len(set(groups[place == source])) > 1 for source in range(place.max() + 1)])
    alone = several[place]  # rows of such sources
    whole = np.flatnonzero(~several)
    together = by_group(tallies, place)[whole]
    named = np.array([groups[np.argmax(place == source)] for source in whole], dtype=np.int64)
    units = np.concatenate([together, tallies[alone]])
    return (
        units,
        np.concatenate([named, groups[alone]]),
        np.concatenate([np.zeros(len(whole), dtype=np.int64), 1 + place[alone]]),
    )


def _gap(
    trait: str, metric: Metric, judged: Sequence[tuple[Example, Answer]], task: Task, seed: int
) -> Iterator[Gap]:
    """The gap of one trait; nothing where fewer than two groups are large enough."""
    values = [dict(row.traits).get(trait, "") for row, _ in judged]
    kept = sorted(value for value in set(values) if value and values.count(value) >= FEWEST)
    if len(kept) < 2:
        return
    pairs = [pair for pair, value in zip(judged, values) if value in kept]
    groups = [kept.index(value) for value in values if value in kept]
    tallies = metric.tallies([row for row, _ in pairs], [answer for _, answer in pairs], task)
    members = [np.equal(groups, one) for one in range(len(kept))]
    shares = [float(metric.of_sums(tallies[member].sum(axis=0))) for member in members]
    place = places([row.group for row, _ in pairs])
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    yield Gap(
        trait=trait,
        groups=tuple((name, _score(metric, pairs, groups, one, task, seed)) for one, name in enumerate(kept)),
        low=kept[low],
        high=kept[high],
        gap=_difference(metric, tallies, (members[high], members[low]), seed, place),
        p=permutation_p(metric, tallies, groups, seed, place),
        left_out=len(judged) - len(pairs),
    )


def _score(
    metric: Metric,
    pairs: Sequence[tuple[Example, Answer]],
    groups: Sequence[int],
    place: int,
    task: Task,
    seed: int,
) -> Score:
    mine = [pair for pair, group in zip(pairs, groups) if group == place]
    return score(metric, [row for row, _ in mine], [answer for _, answer in mine], task, seed)


def _difference(
    metric: Metric, tallies: Numbers, members: tuple[Mask, Mask], seed: int, place: Places | None
) -> Score:
    """The difference of two groups, high and low, with its bootstrap interval."""
    high, low = (tallies[member] for member in members)
    value = float(metric.of_sums(high.sum(axis=0)) - metric.of_sums(low.sum(axis=0)))
    n = len(high) + len(low)
    if place is None:  # each group is drawn by itself
        drawn = metric.of_sums(resampled_sums(high, seed)) - metric.of_sums(resampled_sums(low, seed + 1))
        return Score(value, *of_set(drawn, value, n, lowest=-1.0), n, "bootstrap")
    drawn, sources = _drawn_sources(metric, [tallies * member[:, None] for member in members], place, seed)
    return Score(value, *of_set(drawn, value, sources, lowest=-1.0), n, f"bootstrap of {sources} groups")


def _drawn_sources(metric: Metric, sides: Sequence[Numbers], place: Places, seed: int) -> tuple[Numbers, int]:
    """Differences on draws of whole sources, which may lie in both groups, and the number of sources.

    Both sides are (rows, sums), zero where a row is of another group. A draw that misses a group says nothing.
    """
    sums = by_group(np.concatenate(sides, axis=1), place)
    sums = sums[np.any(sums != 0, axis=1)]
    high, low = np.split(resampled_sums(sums, seed), 2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = metric.of_sums(high) - metric.of_sums(low)
    return drawn[np.isfinite(drawn)], len(sums)
