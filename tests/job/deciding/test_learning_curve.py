"""Which smaller sets of rows a learning curve is measured on."""

from dataclasses import replace

from overtone.core.example import Example
from overtone.job.deciding.learning_curve import smaller
from tests.decide.materials import sorting

ROWS = tuple(Example(str(place), text=f"row {place}", labels=(f"class {place % 8}",)) for place in range(32))


def test_shares_of_equally_many_rows_are_measured_once() -> None:
    found = smaller(replace(sorting(), train=ROWS), (0.125, 0.25, 0.5))
    assert {size: share for size, (share, _) in found.items()} == {8: 0.25, 16: 0.5}
    assert all(len(part.train) == size for size, (_, part) in found.items())


def test_a_share_that_is_everything_is_left_out() -> None:
    few = ROWS[:8]  # one of each class
    assert smaller(replace(sorting(), train=few), (0.5,)) == {}
