"""What work took, added up and laid on lines."""

import pytest

from overtone.job.deciding.spent import Spent, on_line


def test_spent_adds_up_kind_by_kind() -> None:
    first, second = Spent(3.0, 2.0, 1.0), Spent(1.0, 4.0, 0.5)
    assert first + second == Spent(4.0, 6.0, 1.5)
    assert first.times(2) == Spent(6.0, 4.0, 2.0)
    assert first.beyond(second) == Spent(2.0, 0.0, 0.5)


def test_each_kind_has_a_line_of_its_own() -> None:
    points = [(16.0, Spent(1.0, 1.6, 16.0)), (64.0, Spent(1.0, 6.4, 112.0))]
    found = on_line(points, [100.0, 50.0])
    assert (found.work, found.seconds) == (pytest.approx(2.0, rel=0.01), pytest.approx(15.0))
    assert found.cpu < 2 * 150  # no line goes below 0, so this one begins there
