"""Forgetting and transfer of a matrix, by hand."""

import pytest

from overtone.evaluate.diagnosis.forgetting import transfer_of

MATRIX = [
    [0.1, 0.2, 0.3],  # untuned
    [0.9, 0.4, 0.3],
    [0.7, 0.8, 0.5],
    [0.8, 0.6, 0.9],
]


def test_three_tasks_by_hand() -> None:
    """Forgetting ((0.9 - 0.8) + (0.8 - 0.6)) / 2; forward ((0.4 - 0.2) + (0.5 - 0.3)) / 2."""
    found = transfer_of(MATRIX, [1, 2, 3])
    assert found.forgetting == pytest.approx(0.15)
    assert found.backward == pytest.approx(-0.15)
    assert found.forward == pytest.approx(0.2)


def test_backward_transfer_may_be_a_gain_and_forgetting_counts_from_the_best() -> None:
    found = transfer_of([[0.0, 0.0], [0.5, 0.0], [0.9, 0.5], [0.8, 0.9]], [1, 3])
    assert found.backward == pytest.approx(0.3) and found.forgetting == pytest.approx(0.1)
    assert found.forward == pytest.approx(0.5)


def test_what_has_no_head_yet_is_left_out() -> None:
    found = transfer_of([[None, None], [0.9, None], [0.8, 0.7]], [1, 2])
    assert found.forgetting == pytest.approx(0.1) and found.forward is None
