"""Gaps between groups: the metric on the rows of each value of a trait, and the largest difference of two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.evaluate.metric import Metric
from overtone.evaluate.safety.wording import FEWEST
from overtone.evaluate.scores import score
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.resample import Numbers, resampled_sums

PERMUTATIONS = 5000


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


def permutation_p(metric: Metric, tallies: Numbers, groups: Sequence[int], seed: int) -> float:
    """p of a range of group values as large as the observed one where groups say nothing.

    Groups are dealt out to the rows anew (Fisher 1935); the range over all groups pays for having picked the two
    that are furthest apart.
    """
    member = np.equal.outer(np.unique(groups), np.asarray(groups)).astype(np.float64)  # (groups, rows)
    random = np.random.default_rng(seed)
    observed = float(np.ptp(metric.of_sums(member @ tallies)))
    dealt = (
        float(np.ptp(metric.of_sums(member @ tallies[random.permutation(len(tallies))])))
        for _ in range(PERMUTATIONS)
    )
    return (1 + sum(one >= observed - 1e-12 for one in dealt)) / (1 + PERMUTATIONS)


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
    parts = [tallies[np.equal(groups, place)] for place in range(len(kept))]
    shares = [float(metric.of_sums(part.sum(axis=0))) for part in parts]
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    yield Gap(
        trait=trait,
        groups=tuple(
            (name, _score(metric, pairs, groups, place, task, seed)) for place, name in enumerate(kept)
        ),
        low=kept[low],
        high=kept[high],
        gap=_difference(metric, parts[high], parts[low], seed),
        p=permutation_p(metric, tallies, groups, seed),
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


def _difference(metric: Metric, high: Numbers, low: Numbers, seed: int) -> Score:
    """The difference of two groups with its bootstrap interval, each group drawn by itself."""
    drawn = metric.of_sums(resampled_sums(high, seed)) - metric.of_sums(resampled_sums(low, seed + 1))
    value = float(metric.of_sums(high.sum(axis=0)) - metric.of_sums(low.sum(axis=0)))
    n = len(high) + len(low)
    return Score(value, *of_set(drawn, value, n, lowest=-1.0), n, "bootstrap")
