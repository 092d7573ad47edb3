"""What every curriculum promises: steps of the asked size, decided by seed and epoch, no row lost where it says so."""

import random

import pytest

from overtone.curricula.curriculum import Curriculum, Seen

LENGTHS = [random.Random(0).randint(1, 200) for _ in range(500)]
PARTS = (300, 150, 50)
everywhere = pytest.mark.parametrize("name", Curriculum.all())


def ready(name: str) -> Curriculum:
    """The curriculum over three parts of rows, or over one where it sees no others."""
    part = Curriculum.find(name)()
    return part.over(Seen(PARTS if part.earlier else (500,), lambda: [float(length) for length in LENGTHS]))


@everywhere
@pytest.mark.parametrize("rows", [1, 7, 16, 64, 1000])
def test_steps_are_full_and_every_own_row_comes_where_that_is_promised(name: str, rows: int) -> None:
    part = ready(name)
    steps = part.steps(LENGTHS, rows, 0, 0)
    assert all(1 <= len(step) <= rows for step in steps)
    seen = [index for step in steps for index in step]
    assert set(seen) <= set(range(len(LENGTHS)))
    if part.once:
        assert sorted(seen) == list(range(len(LENGTHS)))
        assert len(steps) == -(-len(LENGTHS) // rows)


@everywhere
def test_order_is_decided_by_seed_and_epoch(name: str) -> None:
    def order(seed: int, epoch: int) -> list[list[int]]:
        return ready(name).steps(LENGTHS, 8, seed, epoch)

    assert order(0, 0) == order(0, 0)
    assert order(0, 0) != order(0, 1)
    assert order(0, 0) != order(1, 0)


@everywhere
def test_before_it_knows_its_rows_it_foresees_as_many_steps(name: str) -> None:
    alone = Curriculum.find(name)().steps(LENGTHS, 8, 0, 0)
    assert len(alone) == len(Curriculum.find("single")().steps(LENGTHS, 8, 0, 0))


def test_rows_of_like_length_share_a_step() -> None:
    steps = Curriculum.find("single")().steps(LENGTHS, 8, 0, 0)
    padded = sum(len(step) * max(LENGTHS[index] for index in step) for step in steps)
    assert padded < 1.1 * sum(LENGTHS)
