"""How peers cut a step's rows: nothing lost, sorted or by chance, padded on the right."""

from benchmarks.engine.microbatches import GRID, cut, ordered, padded
from benchmarks.engine.rows import Row

ROWS = [Row((1,) * length, (2,)) for length in (3, 1, 5, 2)]


def test_sorted_puts_the_longest_first_and_chance_keeps_every_row():
    assert [row.tokens for row in ordered(ROWS, "sorted", 0)] == [6, 4, 3, 2]
    assert sorted(ordered(ROWS, "random", 1), key=ROWS.index) == ROWS
    assert ordered(ROWS, "random", 1) == ordered(ROWS, "random", 1)


def test_the_last_batch_may_be_smaller():
    assert [len(batch) for batch in cut(ROWS, 3)] == [3, 1]


def test_padding_is_masked_and_not_predicted():
    batch = padded([Row((7, 8), (9,)), Row((5,), (6,))])
    assert batch["input_ids"] == [[7, 8, 9], [5, 6, 0]]
    assert batch["attention_mask"] == [[1, 1, 1], [1, 1, 0]]
    assert batch["labels"] == [[-100, -100, 9], [-100, 6, -100]]


def test_the_search_tries_every_size_and_order():
    assert {(one["batch"], one["order"]) for one in GRID} == {
        (1, "sorted"),
        *((size, order) for size in (2, 4, 8) for order in ("sorted", "random")),
    }
