import numpy as np
import pytest
from scipy.stats import permutation_test

from overtone.evaluate.metrics.macro_f1 import MacroF1
from overtone.evaluate.statistics.mcnemar import mcnemar
from overtone.evaluate.statistics.permutation import swap_test

RANDOM = np.random.default_rng(7)


def mean(sums):
    return sums[..., 0] / sums[..., 1]


def tallies(values, sizes=None):
    return np.stack([values, np.ones_like(values) if sizes is None else sizes], axis=1)


@pytest.mark.parametrize("rows", [2, 5, 9, 12])
@pytest.mark.parametrize("ties", [False, True])
def test_the_exact_test_equals_scipy(rows, ties):
    first, second = np.random.default_rng([rows, ties]).random((2, rows)).round(1 if ties else 9)
    expected = permutation_test(
        (first, second),
        lambda one, other, axis: np.mean(one - other, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert swap_test(tallies(first), tallies(second), mean, 0) == pytest.approx(expected.pvalue, abs=1e-9)


@pytest.mark.parametrize("rows", [1, 30, 400, 3000])
def test_of_right_and_wrong_rows_it_is_mcnemar(rows):
    first, second = (np.random.default_rng(rows).random((2, rows)) < [[0.9], [0.85]]).astype(float)
    expected = mcnemar(int((first > second).sum()), int((first < second).sum()))
    assert swap_test(tallies(first), tallies(second), mean, 0) == pytest.approx(expected, abs=1e-9)


def test_drawn_outcomes_come_near_the_counted_ones(monkeypatch):
    first, second = RANDOM.random((2, 13))
    exact = swap_test(tallies(first), tallies(second), mean, 0)
    monkeypatch.setattr("overtone.evaluate.statistics.permutation.EXACT", 1)
    drawn = swap_test(tallies(first), tallies(second), mean, 0)
    assert drawn != exact and drawn == pytest.approx(exact, abs=0.015)
    assert drawn == swap_test(tallies(first), tallies(second), mean, 0)
    assert swap_test(tallies(first), tallies(second), mean, 1, resamples=99) * 100 == pytest.approx(
        round(swap_test(tallies(first), tallies(second), mean, 1, resamples=99) * 100)
    )


def test_many_drawn_rows_never_give_a_p_of_nothing():
    better, worse = 0.7 + 0.3 * RANDOM.random(60), 0.3 * RANDOM.random(60)
    assert swap_test(tallies(better), tallies(worse), mean, 0, resamples=199) == 1 / 200


def test_equal_systems_are_the_same():
    rows = tallies(RANDOM.random(6))
    assert swap_test(rows, rows, mean, 0) == 1


def test_a_value_of_the_whole_set_is_swapped_row_by_row():
    wanted = np.eye(3)[RANDOM.integers(0, 3, 8)]
    first, second = (np.eye(3)[RANDOM.integers(0, 3, 8)] for _ in range(2))
    one, other = (np.concatenate([wanted, picked, wanted * picked], axis=1) for picked in (first, second))
    value = MacroF1().of_sums
    observed = abs(value(one.sum(axis=0)) - value(other.sum(axis=0)))
    extreme = 0
    for code in range(2**8):
        moved = np.array([code >> place & 1 for place in range(8)])[:, None] == 1
        changed = abs(
            value(np.where(moved, other, one).sum(axis=0)) - value(np.where(moved, one, other).sum(axis=0))
        )
        extreme += changed >= observed - 1e-12
    assert swap_test(one, other, value, 0) == pytest.approx(extreme / 2**8, abs=1e-12)
