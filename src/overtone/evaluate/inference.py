"""What can be said of a value from the rows behind it, by how the value arises from them.

A share of right rows, a mean of row values, and a value of the whole set each have their own interval, paired
test and smallest detectable difference; where rows share a source, whole groups are resampled. All take tallies
(rows, sums) as `Metric.tallies` gives them.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from overtone.core.score import Comparison
from overtone.evaluate.metric import Metric
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.detectable import detectable_mean, detectable_share, detectable_value
from overtone.evaluate.statistics.groups import Places, by_group, group_bootstrap
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_share import paired_share
from overtone.evaluate.statistics.paired_test import paired_mean_test, shifted_test
from overtone.evaluate.statistics.permutation import swap_test
from overtone.evaluate.statistics.resample import Numbers, resampled_sums
from overtone.evaluate.statistics.share import clustered_share, share_interval
from overtone.evaluate.statistics.student import widened


class Inference(Protocol):
    """The three questions asked of measured rows."""

    def interval(self, tallies: Numbers, seed: int) -> tuple[float, float]:
        """The 95 % interval of the value."""
        ...

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """First minus second on the same rows."""
        ...

    def detectable(self, first: Numbers, second: Numbers, seed: int) -> float:
        """The smallest difference that rows like these show."""
        ...


class OfShare:
    """For a share of rows, each right or wrong: Wilson, exact McNemar."""

    def interval(self, tallies: Numbers, seed: int) -> tuple[float, float]:
        """Wilson's; no draw is made."""
        return share_interval(float(tallies[:, 0].sum()), len(tallies))

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """Exact McNemar, with the adjusted Wald interval of a paired difference."""
        change = first[:, 0] - second[:, 0]
        gained, lost = int((change > 0).sum()), int((change < 0).sum())
        low, high = paired_share(gained, lost, len(change))
        p = mcnemar(gained, lost)
        return Comparison(float(change.mean()), low, high, p, p, "exact McNemar")

    def detectable(self, first: Numbers, second: Numbers, seed: int) -> float:
        """From how often exactly one of the two is right (one row added, so that it is never 0)."""
        n = len(first)
        return detectable_share(n, min(1.0, (np.count_nonzero(first[:, 0] != second[:, 0]) + 1) / n))


class OfMean:
    """For a mean of row values: BCa, studentised paired bootstrap."""

    def interval(self, tallies: Numbers, seed: int) -> tuple[float, float]:
        """BCa."""
        return bca(tallies[:, 0], seed, confidence=widened(len(tallies)))

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """Paired bootstrap of the row differences."""
        change = first[:, 0] - second[:, 0]
        low, high = bca(change, seed, lowest=-1.0, confidence=widened(len(change)))
        p = paired_mean_test(change, seed)
        return Comparison(float(change.mean()), low, high, p, p, "paired bootstrap")

    def detectable(self, first: Numbers, second: Numbers, seed: int) -> float:
        """From the standard deviation of the row differences."""
        change = first[:, 0] - second[:, 0]
        return detectable_mean(len(change), float(change.std()))


@dataclass(frozen=True, slots=True)
class OfSet:
    """For a value of the whole set: bootstrap over rows, both systems on the same draws."""

    metric: Metric

    def interval(self, tallies: Numbers, seed: int) -> tuple[float, float]:
        """Bias-corrected bootstrap."""
        resampled = self.metric.of_sums(resampled_sums(tallies, seed))
        return of_set(resampled, float(self.metric.of_sums(tallies.sum(axis=0))), len(tallies))

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """Bootstrap of the difference of the two values."""
        changes = self._changes(first, second, seed)
        change = float(self.metric.of_sums(first.sum(axis=0)) - self.metric.of_sums(second.sum(axis=0)))
        low, high = of_set(changes, change, len(first), lowest=-1.0)
        p = shifted_test(changes, change)
        return Comparison(change, low, high, p, p, "paired bootstrap")

    def detectable(self, first: Numbers, second: Numbers, seed: int) -> float:
        """From the spread of the resampled differences."""
        return detectable_value(float(self._changes(first, second, seed).std()))

    def _changes(self, first: Numbers, second: Numbers, seed: int) -> Numbers:
        sums = resampled_sums(np.concatenate([first, second], axis=1), seed)
        one, other = np.split(sums, 2, axis=1)
        return self.metric.of_sums(one) - self.metric.of_sums(other)


@dataclass(frozen=True, slots=True)
class OfGroups:
    """For rows that share sources: whole groups are drawn, left out, or change places, whatever the metric."""

    metric: Metric
    place: Places  # the group of each row

    @property
    def sizes(self) -> Numbers:
        """How many rows each group has."""
        return np.bincount(self.place).astype(np.float64)

    def interval(self, tallies: Numbers, seed: int) -> tuple[float, float]:
        """Wilson's with as many rows as independent ones would tell as much; else BCa over groups."""
        sums = by_group(tallies, self.place)
        if self.metric.interval == "wilson":
            return clustered_share(sums[:, 0], self.sizes)
        return group_bootstrap(sums, self.sizes, self.metric.of_sums, seed)

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """Paired permutation of groups, with the BCa interval of the difference."""
        one, other = by_group(first, self.place), by_group(second, self.place)
        both = np.concatenate([one, other], axis=1)
        low, high = group_bootstrap(both, self.sizes, self._difference, seed, lowest=-1.0)
        p = swap_test(one, other, self.metric.of_sums, seed)
        change = float(self._difference(both.sum(axis=0)))
        return Comparison(change, low, high, p, p, "paired permutation of groups")

    def detectable(self, first: Numbers, second: Numbers, seed: int) -> float:
        """From the spread of the difference over resampled groups."""
        both = by_group(np.concatenate([first, second], axis=1), self.place)
        return detectable_value(float(self._difference(resampled_sums(both, seed)).std()))

    def _difference(self, sums: Numbers) -> Numbers:
        """First minus second, of the sums of both side by side."""
        one, other = np.split(sums, 2, axis=-1)
        return self.metric.of_sums(one) - self.metric.of_sums(other)


def inference(metric: Metric, place: Places | None = None) -> Inference:
    """The inference that fits the metric's interval; `place` is each row's group where rows share sources."""
    if place is not None:
        return OfGroups(metric, place)
    kinds: dict[str, Inference] = {"wilson": OfShare(), "bca": OfMean(), "bootstrap": OfSet(metric)}
    return kinds[metric.interval]
