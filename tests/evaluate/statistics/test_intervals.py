import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import binomtest, bootstrap
from statsmodels.stats.proportion import proportion_confint

from overtone.evaluate.statistics.bca import bca
from overtone.evaluate.statistics.bootstrap import of_set
from overtone.evaluate.statistics.resample import draws, resampled_sums
from overtone.evaluate.statistics.unvarying import unvarying
from overtone.evaluate.statistics.wilson import wilson


@given(some.integers(1, 3000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n))))
def test_wilson_equals_statsmodels(counts):
    assert wilson(*counts) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-9)


def test_wilson_covers_its_promise():
    random = np.random.default_rng(5)
    for share, n in ((0.9, 100), (0.97, 300), (0.5, 40)):
        found = [wilson(successes, n) for successes in random.binomial(n, share, 2000)]
        assert 0.93 <= np.mean([low <= share <= high for low, high in found]) <= 0.975


@pytest.mark.parametrize("rows", [12, 200])
def test_bca_equals_scipy_on_the_same_draws(rows):
    values = np.random.default_rng(rows).beta(5, 1, rows)
    same = np.random.default_rng(9)
    expected = bootstrap((values,), np.mean, n_resamples=2000, method="BCa", rng=same).confidence_interval
    assert bca(values, seed=9, resamples=2000) == pytest.approx(tuple(expected), abs=1e-9)


def test_bca_covers_its_promise_for_skewed_values():
    random = np.random.default_rng(6)
    samples = random.beta(3, 0.6, (400, 60))
    found = [bca(sample, seed, resamples=600) for seed, sample in enumerate(samples)]
    assert 0.92 <= np.mean([low <= 3 / 3.6 <= high for low, high in found]) <= 0.975


def test_bca_is_decided_by_its_seed():
    values = np.random.default_rng(1).random(50)
    assert bca(values, 3) == bca(values, 3) != bca(values, 4)


@pytest.mark.parametrize(("value", "rows"), [(1.0, 1), (0.0, 10), (0.4, 25), (1.0, 300)])
def test_equal_values_give_a_bounded_interval_of_some_width(value, rows):
    low, high = bca(np.full(rows, value), seed=0)
    assert 0 <= low <= value <= high <= 1 and high - low > 0
    assert of_set(np.full(100, value), value, rows) == pytest.approx((low, high))


def test_no_exception_in_n_rows_is_the_exact_interval():
    assert unvarying(1.0, 20, 0.0, 1.0)[0] == pytest.approx(binomtest(20, 20).proportion_ci().low, abs=1e-9)
    assert unvarying(0.0, 20, -1.0, 1.0) == pytest.approx((-0.16843347, 0.16843347), abs=1e-8)


def test_resampled_sums_are_distributed_as_those_of_drawn_rows():
    tallies = np.random.default_rng(2).integers(0, 2, (40, 3)).astype(float)
    fast = resampled_sums(tallies, seed=1)
    slow = np.concatenate([block.sum(axis=1) for block in draws(tallies, seed=1)])
    assert fast.shape == slow.shape == (10_000, 3)
    assert np.allclose(fast.mean(0), slow.mean(0), atol=0.2)
    assert np.allclose(np.cov(fast.T), np.cov(slow.T), atol=0.5)


def test_ten_thousand_resamples_of_five_thousand_rows_take_seconds():
    start = time.perf_counter()
    bca(np.random.default_rng(0).random(5000), seed=0)
    assert time.perf_counter() - start < 8
