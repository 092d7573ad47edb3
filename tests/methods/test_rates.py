"""Usual rates of decoders fall with their width."""

import pytest

from overtone.methods.rates import CUSTOMARY, MEASURED, by_width


def test_a_line_in_logarithms_joins_the_two_ends():
    assert by_width(1e-3, 2e-5, MEASURED) == by_width(1e-3, 2e-5, 32) == 1e-3
    assert by_width(1e-3, 2e-5, CUSTOMARY) == 2e-5
    assert by_width(1e-3, 1e-5, 1024) == pytest.approx(1e-4)  # half way: the geometric mean
    assert by_width(1e-3, 2e-5, 2 * CUSTOMARY) < 2e-5
