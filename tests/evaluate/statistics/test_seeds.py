import numpy as np
import pytest
from scipy.stats import ttest_rel

from overtone.evaluate.statistics.seeds import compare_over_seeds, over_seeds

RANDOM = np.random.default_rng(11)


def runs(seeds, rows, spread, shift=0.0):
    ease = np.random.default_rng(5).beta(2, 2, rows)
    return np.clip(
        ease + RANDOM.normal(0, spread, (seeds, 1)) + RANDOM.normal(0, 0.1, (seeds, rows)) + shift, 0, 1
    )


def test_the_mean_and_the_spread_are_those_of_the_runs():
    values = runs(4, 200, 0.05)
    found = over_seeds(values)
    assert found.value == pytest.approx(values.mean()) and (found.seeds, found.n) == (4, 200)
    assert found.spread == pytest.approx(np.std([run.mean() for run in values], ddof=1))
    assert found.low < found.value < found.high


def test_seeds_that_differ_widen_the_interval():
    calm, restless = (over_seeds(runs(3, 300, spread)) for spread in (0.0, 0.1))
    assert restless.high - restless.low > 2 * (calm.high - calm.low)


def test_without_runs_it_is_the_paired_t_test():
    first, second = runs(1, 60, 0.0), runs(1, 60, 0.0, 0.02)
    found = compare_over_seeds(first, second)
    expected = ttest_rel(first[0], second[0])
    assert found.p == pytest.approx(expected.pvalue, abs=1e-9)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval()), abs=1e-9)


def test_a_gain_within_the_luck_of_seeds_is_none_and_a_larger_one_is_found():
    assert compare_over_seeds(runs(3, 2000, 0.08, 0.02), runs(3, 2000, 0.08)).p > 0.05
    found = compare_over_seeds(runs(3, 2000, 0.005, 0.05), runs(3, 2000, 0.005))
    assert found.p < 0.01 and found.low > 0
    assert found.test == "paired t over rows and seeds"


def test_the_variance_is_that_of_two_crossed_factors():
    values = runs(3, 40, 0.1)
    rows, means = values.mean(axis=0), values.mean(axis=1)
    rest = values - rows - means[:, None] + values.mean()
    squares = 3 * rows.var(ddof=1), 40 * means.var(ddof=1), (rest**2).sum() / (2 * 39)
    variance = (squares[0] + max(0, squares[1] - squares[2])) / 120
    low, high = over_seeds(values).low, over_seeds(values).high
    degrees = variance**2 / ((squares[0] / 120) ** 2 / 39 + (squares[1] / 120) ** 2 / 2)
    from scipy.stats import t

    assert high - low == pytest.approx(2 * t.ppf(0.975, max(1, degrees)) * variance**0.5, abs=1e-9)


@pytest.mark.parametrize("values", [np.ones((3, 20)), np.zeros((1, 20)), np.ones((2, 1))])
def test_equal_values_give_a_bounded_interval_of_some_width(values):
    found = over_seeds(values)
    assert 0 <= found.low <= found.value <= found.high <= 1 and found.high > found.low
    assert compare_over_seeds(values, values).p == 1
