"""How the cells of a table are written: every kind of column has its own way, and nothing is told as a dash."""

from typing import get_args, get_type_hints

import pytest

from overtone.evaluate.report.cells import WRITERS, written
from overtone.evaluate.report.section import Column


def test_every_kind_of_number_has_a_way_to_be_written():
    assert {*get_args(get_type_hints(Column)["written"])} == {*WRITERS, "text"}


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (0.0019835950866, "0.002"),
        (0.00000123, "1.2e−06"),
        (0.0, "0.00"),
        (0.5, "0.5"),
        (900.009, "900.01"),
        (-12.345, "−12.35"),
        (33700.128, "33\u202f700"),
        (-58400.12, "−58\u202f400"),
    ],
)
def test_money_is_told_in_few_digits(amount, told):
    assert written(amount, Column("Total", "money")) == told


def test_what_is_missing_is_a_dash():
    assert {written(value, Column("Total", "money")) for value in (None, float("nan"))} == {"–"}
