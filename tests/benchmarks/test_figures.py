"""Medians, ratios round by round, and the fit of cost."""

import pytest

from benchmarks.engine.figures import disagreement, faster, fit_cost, spread


def test_a_spread_is_told_with_its_ends():
    found = spread([3.0, 1.0, 2.0, 10.0, 2.5])
    assert (found.median, found.low, found.high) == (2.5, 1.0, 10.0)
    assert found.told(2) == "2.50 [1.00, 10.00]"


def test_a_ratio_is_taken_in_each_round():
    """A slow moment of the machine hits both: the ratio stays two although the seconds do not."""
    ratio = faster([1.0, 5.0, 1.0], [2.0, 10.0, 2.0])
    assert (ratio.median, ratio.low, ratio.high) == (2.0, 2.0, 2.0)


def test_rounds_that_do_not_pair_up_are_refused():
    with pytest.raises(ValueError):
        faster([1.0], [1.0, 2.0])


def test_the_fit_finds_both_coefficients():
    tokens, squares = [100.0, 100, 200, 400], [1000.0, 9000, 30_000, 2000]
    fit = fit_cost([2e-3 * one + 5e-6 * two for one, two in zip(tokens, squares)], tokens, squares)
    assert fit.linear == pytest.approx(2e-3)
    assert fit.quadratic == pytest.approx(5e-6)
    assert fit.worst < 1e-9


def test_the_fit_says_how_far_a_point_lies_from_it():
    tokens, squares = [100.0] * 5, [1e4, 2e4, 4e4, 8e4, 16e4]
    seconds = [2e-3 * one + 5e-6 * two for one, two in zip(tokens, squares)]
    seconds[2] *= 1.5
    assert fit_cost(seconds, tokens, squares).worst > 0.2


def test_no_coefficient_is_negative():
    fit = fit_cost([1.0, 0.9, 0.8], [100.0, 100, 100], [100.0, 200, 300])
    assert fit.quadratic == 0
    assert fit.linear > 0


def test_disagreement_is_relative():
    assert disagreement([10.0, 10.001]) == pytest.approx(1e-4)
    assert disagreement([0.5]) == 0
