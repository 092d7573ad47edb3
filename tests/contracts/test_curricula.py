"""What every curriculum promises: each row once an epoch, within both limits, as a function of seed and epoch."""

import random

import pytest

from overtone.curricula.curriculum import Curriculum

LENGTHS = [random.Random(0).randint(1, 200) for _ in range(500)]
everywhere = pytest.mark.parametrize("name", Curriculum.all())


@everywhere
@pytest.mark.parametrize(("rows", "tokens"), [(1, 10_000), (16, 10_000), (64, 400), (7, 50)])
def test_each_row_comes_once_within_the_limits(name: str, rows: int, tokens: int) -> None:
    batches = Curriculum.find(name)().batches(LENGTHS, rows, tokens, 0, 0)
    assert sorted(index for batch in batches for index in batch) == list(range(len(LENGTHS)))
    for batch in batches:
        padded = len(batch) * max(LENGTHS[index] for index in batch)
        assert len(batch) <= rows and (padded <= tokens or len(batch) == 1)


@everywhere
def test_order_is_decided_by_seed_and_epoch(name: str) -> None:
    def order(seed: int, epoch: int) -> list[list[int]]:
        return Curriculum.find(name)().batches(LENGTHS, 8, 10_000, seed, epoch)

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_rows_of_like_length_share_a_batch() -> None:
    batches = Curriculum.find("single")().batches(LENGTHS, 8, 10_000, 0, 0)
    padded = sum(len(batch) * max(LENGTHS[index] for index in batch) for batch in batches)
    assert padded < 1.1 * sum(LENGTHS)
