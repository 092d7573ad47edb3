"""What can be said of a value from the rows behind it, by how the value arises from them.

A share of right rows, a mean of row values, and a value of the whole set each have their own interval, paired
test and smallest detectable difference. All take tallies (rows, sums) as `Metric.tallies` gives them.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from overtone.core.score import Comparison
from overtone.evaluate.metric import Metric
from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.detectable import detectable_mean, detectable_share
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_share import paired_share
from overtone.evaluate.statistics.paired_test import paired_mean_test, shifted_test
from overtone.evaluate.statistics.resample import Numbers, resampled_sums
from overtone.evaluate.statistics.wilson import wilson


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
        return wilson(float(tallies[:, 0].sum()), len(tallies))

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
        return bca(tallies[:, 0], seed)

    def compare(self, first: Numbers, second: Numbers, seed: int) -> Comparison:
        """Paired bootstrap of the row differences."""
        change = first[:, 0] - second[:, 0]
        low, high = bca(change, seed, lowest=-1.0)
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
        return detectable_mean(1, float(self._changes(first, second, seed).std()))

    def _changes(self, first: Numbers, second: Numbers, seed: int) -> Numbers:
        sums = resampled_sums(np.concatenate([first, second], axis=1), seed)
        one, other = np.split(sums, 2, axis=1)
        return self.metric.of_sums(one) - self.metric.of_sums(other)


def inference(metric: Metric) -> Inference:
    """The inference that fits the metric's interval."""
    kinds: dict[str, Inference] = {"wilson": OfShare(), "bca": OfMean(), "bootstrap": OfSet(metric)}
    return kinds[metric.interval]
