"""The gap between two groups of rows: published intervals, tests that keep their promise, translations."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from overtone.evaluate.diagnosis.gap import gap
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.metrics.macro_f1 import MacroF1


def tallies(*shares):
    """Rows right and wrong, one side after the other, and which are of the first."""
    values = np.concatenate([np.repeat([1.0, 0.0], [right, n - right]) for right, n in shares])
    inside = np.arange(len(values)) < shares[0][1]
    return np.stack([values, np.ones_like(values)], axis=1), inside


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [  # Newcombe 1998, table II, method 10; with one exception, or none, the intervals of the shares are wider here
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_the_interval_of_two_shares_is_the_published_one(first, second, low, high):
    rows, inside = tallies(first, second)
    found = gap(Accuracy(), rows, inside, None, 0)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4 if first == (56, 70) else 0.03)
    assert found.low <= low + 1e-4 and found.high >= high - 1e-4
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    assert found.p == pytest.approx(fisher_exact(table).pvalue)


def test_too_few_rows_are_not_tested():
    rows, inside = tallies((9, 9), (0, 100))
    assert gap(Accuracy(), rows, inside, None, 0) is None


def test_a_value_of_the_set_is_compared_by_draws_and_agrees_with_shares():
    rows, inside = tallies((160, 200), (120, 200))
    drawn, told = gap(_Set(), rows, inside, None, 0), gap(Accuracy(), rows, inside, None, 0)
    assert drawn.difference == told.difference == pytest.approx(0.2)
    assert (drawn.low, drawn.high) == pytest.approx((told.low, told.high), abs=0.01)
    assert drawn.p < 0.001 and drawn.test == "bootstrap of two groups of rows"


def test_equal_groups_are_rarely_told_apart():
    draw, alarms = np.random.default_rng(0), 0
    for trial in range(60):
        rows, inside = tallies((int(draw.binomial(80, 0.7)), 80), (int(draw.binomial(80, 0.7)), 80))
        alarms += gap(_Set(), rows, inside, None, trial).p < 0.05
    assert alarms <= 8


def test_translations_of_the_same_texts_are_paired():
    """Of 100 texts that are as hard in both languages, a small gap shows only if they are known to be the same."""
    rows, inside = tallies((60, 100), (52, 100))
    together = gap(Accuracy(), rows, inside, np.tile(np.arange(100), 2), 0)
    apart = gap(Accuracy(), rows, inside, None, 0)
    assert together.difference == pytest.approx(apart.difference)
    assert together.low > 0 and together.p < 0.05
    assert apart.low < 0 and apart.p > 0.05


def test_rows_of_few_sources_are_less_sure():
    rows, inside = tallies((160, 200), (120, 200))
    sources = np.repeat(np.arange(20), 20)
    few, many = gap(Accuracy(), rows, inside, sources, 0), gap(Accuracy(), rows, inside, None, 0)
    assert few.high - few.low > many.high - many.low


class _Set(MacroF1):
    """A share told as if it were a value of the whole set."""

    def of_sums(self, sums):
        return sums[..., 0] / sums[..., 1]
