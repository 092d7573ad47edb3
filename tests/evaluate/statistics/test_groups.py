import numpy as np
import pytest
from scipy.stats import bootstrap

from overtone.evaluate.statistics.groups import acceleration, by_group, effective_groups, group_bootstrap
from overtone.evaluate.statistics.student import widened


def mean(sums):
    return sums[..., 0] / sums[..., 1]


def test_rows_are_summed_by_group():
    tallies = np.array([[1.0, 1], [0, 1], [1, 1], [1, 1]])
    assert by_group(tallies, np.array([1, 0, 1, 2])).tolist() == [[0, 1], [2, 2], [1, 1]]


def test_uneven_groups_weigh_as_fewer():
    assert effective_groups(np.full(8, 3.0)) == 8
    assert effective_groups(np.array([10.0, 1, 1])) == pytest.approx(144 / 102)


def test_groups_of_one_row_give_the_interval_of_rows():
    values = np.random.default_rng(2).beta(5, 1, 80)
    tallies = np.stack([values, np.ones(80)], axis=1)
    found = group_bootstrap(tallies, np.ones(80), mean, 1)
    same = bootstrap((values,), np.mean, n_resamples=10_000, confidence_level=widened(80), rng=3)
    assert found == pytest.approx(tuple(same.confidence_interval), abs=0.004)


def test_the_acceleration_is_that_of_scipy_on_groups_of_one_row():
    values = np.random.default_rng(3).exponential(1, 30)
    without = (values.sum() - values) / 29
    spread = without.mean() - without
    expected = (spread**3).sum() / (6 * (spread**2).sum() ** 1.5)
    tallies = np.stack([values, np.ones(30)], axis=1)
    assert acceleration(tallies, mean) == pytest.approx(expected, abs=1e-12)
    assert acceleration(np.ones((4, 2)), mean) == 0.0


def test_rows_that_agree_within_their_group_widen_the_interval():
    random = np.random.default_rng(4)
    own = np.repeat(random.random(30), 6)
    place = np.repeat(np.arange(30), 6)
    tallies = np.stack([own, np.ones(180)], axis=1)
    alone = group_bootstrap(tallies, np.ones(180), mean, 0)
    grouped = group_bootstrap(by_group(tallies, place), np.full(30, 6.0), mean, 0)
    assert grouped[1] - grouped[0] > 2 * (alone[1] - alone[0])


def test_equal_groups_give_a_bounded_interval_of_some_width():
    low, high = group_bootstrap(np.array([[2.0, 2], [3, 3], [1, 1]]), np.array([2.0, 3, 1]), mean, 0)
    assert 0 <= low < 0.5 and high == 1
