import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from overtone.evaluate.statistics.holm import holm
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.paired_share import paired_share
from overtone.evaluate.statistics.paired_test import paired_mean_test, shifted_test

COUNT = some.integers(0, 600)


@given(COUNT, COUNT)
def test_mcnemar_equals_statsmodels(first, second):
    expected = statsmodels_mcnemar([[3, first], [second, 4]], exact=True).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(float(expected), abs=1e-9)


def test_mcnemar_of_many_rows_neither_overflows_nor_rounds():
    assert mcnemar(2600, 2400) == pytest.approx(binomtest(2400, 5000).pvalue, rel=1e-9)
    assert mcnemar(5000, 0) == 0.0 or mcnemar(5000, 0) < 1e-300
    assert mcnemar(0, 0) == mcnemar(1, 0) == 1.0


@settings(max_examples=12)
@given(some.lists(some.floats(0, 1), min_size=1, max_size=12))
def test_holm_equals_statsmodels(values):
    assert holm(values) == pytest.approx(list(multipletests(values, method="holm")[1]), abs=1e-9)


def test_holm_of_no_test_is_none():
    assert holm([]) == []


@pytest.mark.parametrize(("values", "more"), [([0.02], 3), ([0.01, 0.5, 0.004, 0.012], 6), ([0.03, 0.03], 0)])
def test_tests_that_could_have_been_made_count_as_ones_that_found_nothing(values, more):
    expected = multipletests([*values, *[1.0] * more], method="holm")[1][: len(values)]
    assert holm(values, len(values) + more) == pytest.approx(list(expected), abs=1e-9)


def test_a_family_is_never_smaller_than_its_tests():
    assert holm([0.01, 0.02], 1) == [0.02, 0.02]


def test_the_interval_of_a_paired_share_covers_its_promise():
    random = np.random.default_rng(8)
    rows = random.multinomial(80, [0.12, 0.05, 0.83], 2000)
    found = [paired_share(gained, lost, 80) for gained, lost, _ in rows]
    assert 0.935 <= np.mean([low <= 0.07 <= high for low, high in found]) <= 0.985


def test_the_interval_of_a_paired_share_is_antisymmetric_and_never_of_width_zero():
    low, high = paired_share(9, 2, 50)
    assert paired_share(2, 9, 50) == pytest.approx((-high, -low))
    low, high = paired_share(0, 0, 50)
    assert low == -high < 0
    assert paired_share(1, 0, 1)[1] <= 1


@pytest.mark.parametrize("rows", [12, 60])
def test_equal_systems_raise_at_most_five_false_alarms_in_a_hundred(rows):
    random = np.random.default_rng(rows)
    noise = random.beta(0.6, 0.6, (600, 2, rows))
    alarms = [
        paired_mean_test(first - second, seed, 300) <= 0.05 for seed, (first, second) in enumerate(noise)
    ]
    assert np.mean(alarms) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 600)
    rights = random.random((2000, 2, rows)) < 0.8
    alarms = [mcnemar(int((a & ~b).sum()), int((b & ~a).sum())) <= 0.05 for a, b in rights]
    assert np.mean(alarms) <= 0.05


def test_a_real_difference_is_found():
    random = np.random.default_rng(3)
    assert paired_mean_test(0.1 + 0.1 * random.standard_normal(60), seed=0) < 0.001


def test_identical_answers_are_no_difference():
    assert paired_mean_test(np.zeros(30), seed=0) == 1.0
    assert shifted_test(np.zeros(100), 0.0) == 1.0


def test_one_row_shows_nothing_and_thirty_equal_differences_do():
    assert paired_mean_test(np.array([0.4]), seed=0) == 1.0
    assert paired_mean_test(np.full(30, 0.1), seed=0) == pytest.approx(2 * 0.5**30)


def test_the_shifted_test_counts_what_is_as_far_out():
    resampled = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    assert shifted_test(resampled, 0.2) == pytest.approx(3 / 6)
