"""Parity: the largest difference of two places, and what counts as none."""

import math

import pytest

from overtone.parity.compare import compare, largest_difference


def test_the_largest_difference_is_found() -> None:
    assert largest_difference([[0.5, 1.0], [2.0]], [[0.5, 1.25], [1.9]]) == 0.25


@pytest.mark.parametrize(
    "other", [[], [[0.5]], [[0.5, 1.0, 2.0]], [[0.5, math.nan]], [[0.5, math.inf]]], ids=str
)
def test_what_cannot_be_compared_is_infinitely_far(other: list[list[float]]) -> None:
    assert largest_difference([[0.5, 1.0]], other) == math.inf


def test_nothing_compared_is_no_parity() -> None:
    assert not compare("empty", [], lambda: [], 1.0).ok


def test_a_bit_of_difference_fails_where_none_is_allowed() -> None:
    near = math.nextafter(0.5, 1)
    assert compare("same", [[0.5]], lambda: [[0.5]], 0.0).ok
    assert not compare("near", [[0.5]], lambda: [[near]], 0.0).ok
    assert compare("near", [[0.5]], lambda: [[near]], 1e-4).ok
