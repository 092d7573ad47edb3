"""The power law: known curves are found again, and it says so where it cannot tell."""

import numpy as np
import pytest

from overtone.decide.power_law import fit

SIZES = (100, 200, 400, 800)


def curve(floor: float, factor: float, exponent: float) -> np.ndarray:
    return floor + factor * (np.asarray(SIZES) / SIZES[-1]) ** -exponent


def draws(errors: np.ndarray, rows: int, seed: int = 0) -> np.ndarray:
    """Errors on redrawn test rows that are easy or hard for all sizes alike."""
    random = np.random.default_rng(seed)
    wrong = random.random(rows)[:, None] < errors
    return wrong[random.integers(0, rows, (400, rows))].mean(axis=1)


@pytest.mark.parametrize(
    ("floor", "factor", "exponent"), [(0.05, 0.1, 0.5), (0.0, 0.2, 0.3), (0.1, 0.05, 1.0)]
)
def test_an_exact_curve_is_found_again(floor: float, factor: float, exponent: float) -> None:
    errors = curve(floor, factor, exponent)
    law = fit(SIZES, errors, draws(errors, 2000), 2000, 0)
    assert law is not None
    assert law.gain(2).value == pytest.approx(factor * (1 - 2**-exponent), abs=1e-3)
    assert law.at(800).value == pytest.approx(1 - floor - factor, abs=1e-3)
    bar = 1 - floor - factor * 3**-exponent
    assert law.rows_to_reach(bar).value == pytest.approx(2400, rel=0.02)


def test_a_bar_below_the_floor_is_never_reached() -> None:
    errors = curve(0.1, 0.05, 1.0)
    law = fit(SIZES, errors, draws(errors, 2000), 2000, 0)
    assert law is not None
    assert law.rows_to_reach(0.95).value is None


def test_a_steep_curve_on_many_rows_helps_and_a_flat_one_does_not() -> None:
    steep, flat = curve(0.0, 0.3, 0.6), np.full(4, 0.2)
    told = [fit(SIZES, errors, draws(errors, 20_000), 20_000, 0) for errors in (steep, flat)]
    assert [law and law.helps(2, 0.01) for law in told] == ["helps", "does not help"]


def test_few_test_rows_cannot_tell_even_where_nothing_was_wrong() -> None:
    errors = np.zeros(4)
    law = fit(SIZES, errors, np.zeros((400, 4)), 16, 0)
    assert law is not None
    assert law.helps(2, 0.01) == "cannot tell"


def test_a_jagged_curve_cannot_tell() -> None:
    errors = np.array([0.3, 0.15, 0.28, 0.16])
    law = fit(SIZES, errors, draws(errors, 20_000), 20_000, 0)
    assert law is not None
    assert law.helps(2, 0.01) == "cannot tell"


def test_three_sizes_are_too_few() -> None:
    assert fit(SIZES[:3], np.zeros(3), np.zeros((10, 3)), 100, 0) is None
    assert fit((100, 200, 200, 400), np.zeros(4), np.zeros((10, 4)), 100, 0) is None


def test_intervals_hold_the_truth() -> None:
    """95 % intervals of the gain from twice the rows, over drawn test sets and jittered curves."""
    random, hit, times = np.random.default_rng(1), 0, 60
    for seed in range(times):
        floor, factor, exponent = (
            random.uniform(0, 0.15),
            random.uniform(0.02, 0.12),
            random.uniform(0.2, 0.8),
        )
        truth = curve(floor, factor, exponent)
        wrong = random.random(500)[:, None] < truth + random.normal(0, 0.003, 4)
        drawn = wrong[random.integers(0, 500, (300, 500))].mean(axis=1)
        law = fit(SIZES, wrong.mean(axis=0), drawn, 500, seed)
        gain = law.gain(2)
        hit += gain.low <= factor * (1 - 2**-exponent) <= gain.high
    assert hit / times >= 0.9
