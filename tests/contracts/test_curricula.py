"""What every curriculum promises: each row once an epoch, within both limits, as a function of seed and epoch."""

import random

import pytest

from overtone.curricula.curriculum import Budget, Curriculum

LENGTHS = [random.Random(0).randint(1, 200) for _ in range(500)]
everywhere = pytest.mark.parametrize("name", Curriculum.all())


@everywhere
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize(("rows", "tokens"), [(1, 10_000), (16, 10_000), (64, 400), (7, 50)])
def test_each_row_comes_once_within_the_limits(name: str, rows: int, tokens: int, padded: bool) -> None:
    batches = Curriculum.find(name)().batches(LENGTHS, Budget(rows, tokens, padded), 0, 0)
    assert sorted(index for batch in batches for index in batch) == list(range(len(LENGTHS)))
    for batch in batches:
        lengths = [LENGTHS[index] for index in batch]
        held = len(batch) * max(lengths) if padded else sum(lengths)
        assert len(batch) <= rows and (held <= tokens or len(batch) == 1)


def test_padding_counts_only_where_rows_are_padded() -> None:
    lengths = [10, 20, 60]
    assert Budget(rows=3, tokens=90).allows(lengths)
    assert not Budget(rows=3, tokens=90, padded=True).allows(lengths)
    assert Budget(rows=3, tokens=180, padded=True).allows(lengths)
    assert not Budget(rows=2, tokens=90).allows(lengths)
    assert Budget(rows=1, tokens=5, padded=True).allows([60]), "one row is always let pass"


@everywhere
def test_order_is_decided_by_seed_and_epoch(name: str) -> None:
    def order(seed: int, epoch: int) -> list[list[int]]:
        return Curriculum.find(name)().batches(LENGTHS, Budget(8, 10_000), seed, epoch)

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_rows_of_like_length_share_a_batch() -> None:
    batches = Curriculum.find("single")().batches(LENGTHS, Budget(8, 10_000), 0, 0)
    padded = sum(len(batch) * max(LENGTHS[index] for index in batch) for batch in batches)
    assert padded < 1.1 * sum(LENGTHS)
