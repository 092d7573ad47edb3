"""Batches hold every row once, within the budget, and keep together what is computed well together."""

import random

import pytest

from overtone.engine.batches import Budget, by_beginning, by_length, forward_passes, in_batches
from overtone.engine.pack import pack

DRAW = random.Random(0)
STEMS = [[DRAW.randrange(100) for _ in range(60)] for _ in range(3)]
ROWS = [STEMS[index % 3] + [DRAW.randrange(100) for _ in range(DRAW.randrange(1, 30))] for index in range(90)]


@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("budget", [1, 100, 1000])
def test_each_row_comes_once_within_the_budget(share: bool, budget: int) -> None:
    batches = in_batches(ROWS, budget, share)
    assert sorted(row for batch in batches for row in batch) == list(range(90))
    for batch in batches:
        assert len(batch) == 1 or len(pack([ROWS[row] for row in batch], share).tokens) <= budget


def test_rows_that_begin_alike_stand_together() -> None:
    batches = by_beginning(ROWS, 600)
    tokens = [len(pack([ROWS[row] for row in batch]).tokens) for batch in batches]
    assert (
        sum(tokens)
        < sum(
            len(pack([ROWS[row] for row in batch]).tokens) for batch in by_length(list(map(len, ROWS)), 600)
        )
        / 1.5
    )
    assert len(batches) < 5


def test_longest_rows_come_first() -> None:
    assert by_length([1, 5, 3, 5], 8) == [[1], [3, 2], [0]]


def test_forward_passes_hold_what_the_budget_allows() -> None:
    lengths = [60, 10, 20, 5]
    assert forward_passes([0, 1, 2], lengths, Budget(rows=3, tokens=90)) == [[1, 2, 0]]
    assert forward_passes([0, 1, 2], lengths, Budget(rows=2, tokens=90)) == [[1, 2], [0]]
    assert forward_passes([0, 1, 2], lengths, Budget(rows=3, tokens=90, padded=True)) == [[1, 2], [0]]
    assert forward_passes([0, 3, 2], lengths, Budget(rows=9, tokens=1)) == [[3], [2], [0]], (
        "one row always passes"
    )
