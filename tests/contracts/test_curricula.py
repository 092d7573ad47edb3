"""What every curriculum promises: each row once an epoch, within the size of a step, decided by seed and epoch."""

import random

import pytest

from overtone.curricula.curriculum import Curriculum

LENGTHS = [random.Random(0).randint(1, 200) for _ in range(500)]
everywhere = pytest.mark.parametrize("name", Curriculum.all())


@everywhere
@pytest.mark.parametrize("rows", [1, 7, 16, 64, 1000])
def test_each_row_comes_once_and_only_the_last_steps_are_short(name: str, rows: int) -> None:
    steps = Curriculum.find(name)().steps(LENGTHS, rows, 0, 0)
    assert sorted(index for step in steps for index in step) == list(range(len(LENGTHS)))
    assert all(1 <= len(step) <= rows for step in steps)
    assert len(steps) == -(-len(LENGTHS) // rows)


@everywhere
def test_order_is_decided_by_seed_and_epoch(name: str) -> None:
    def order(seed: int, epoch: int) -> list[list[int]]:
        return Curriculum.find(name)().steps(LENGTHS, 8, seed, epoch)

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


def test_rows_of_like_length_share_a_step() -> None:
    steps = Curriculum.find("single")().steps(LENGTHS, 8, 0, 0)
    padded = sum(len(step) * max(LENGTHS[index] for index in step) for step in steps)
    assert padded < 1.1 * sum(LENGTHS)
