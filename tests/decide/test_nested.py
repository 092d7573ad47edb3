"""Parts of rows: nested, of every class, the same for a seed, and of whole groups."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from overtone.core.example import Example
from overtone.decide.nested import nested_share

ROWS = [Example(id=f"r{row}", text="x", labels=("a" if row % 10 else "b",)) for row in range(200)]


def test_parts_lie_within_each_other_and_keep_every_class_in_its_share() -> None:
    parts = [nested_share(ROWS, share, seed=3) for share in (0.125, 0.25, 0.5)]
    assert [Counter(row.labels[0] for row in part) for part in parts] == [
        {"a": 23, "b": 3},
        {"a": 45, "b": 5},
        {"a": 90, "b": 10},
    ]
    for smaller, larger in zip(parts, [*parts[1:], ROWS]):
        assert {row.id for row in smaller} <= {row.id for row in larger}


def test_the_seed_decides_and_the_order_stays() -> None:
    first, again, other = (nested_share(ROWS, 0.25, seed) for seed in (0, 0, 1))
    assert first == again != other
    assert first == [row for row in ROWS if row in first]
    assert set(first) == set(nested_share(ROWS[::-1], 0.25, 0))


def test_no_class_is_lost() -> None:
    rare = [*ROWS[:40], Example(id="one", text="x", labels=("c",))]
    assert "one" in {row.id for row in nested_share(rare, 0.01, 0)}


def grouped(groups: int, largest: int, seed: int) -> list[Example]:
    """Rows of groups of one to so many rows, some of which hold several classes, in a mixed order."""
    draw = random.Random(seed)
    rows = [
        Example(
            id=f"{group}-{place}",
            text="x",
            labels=(draw.choice("aab") if group % 3 else "c",),
            group=f"g{group}",
        )
        for group in range(groups)
        for place in range(draw.randint(1, largest))
    ]
    draw.shuffle(rows)
    return rows


@given(some.integers(2, 40), some.integers(1, 9), some.integers(0, 20))
def test_groups_are_whole_in_every_part_and_parts_lie_within_each_other(
    groups: int, largest: int, seed: int
) -> None:
    rows = grouped(groups, largest, seed)
    sizes, classes = Counter(row.group for row in rows), {row.labels for row in rows}
    before: set[str] = set()
    for share in (0.05, 0.125, 0.25, 0.5, 0.9):
        part = nested_share(rows, share, seed)
        assert Counter(row.group for row in part) == {row.group: sizes[row.group] for row in part}
        assert {row.labels for row in part} == classes
        assert before <= {row.id for row in part}
        assert part == [row for row in rows if row in part]
        before = {row.id for row in part}


def test_groups_of_many_rows_come_near_to_the_share() -> None:
    rows = grouped(60, 8, seed=1)
    for share in (0.125, 0.25, 0.5):
        assert len(nested_share(rows, share, seed=2)) == pytest.approx(share * len(rows), abs=8)


def test_a_class_that_hides_in_groups_of_others_is_not_lost() -> None:
    rows = [
        Example(
            id=f"{group}-{place}",
            text="x",
            labels=("rare" if group % 7 == 3 and place == 0 else "often",),
            group=str(group),
        )
        for group in range(60)
        for place in range(5)
    ]
    for seed in range(8):
        assert "rare" in {row.labels[0] for row in nested_share(rows, 0.05, seed)}


def test_rows_without_a_group_stand_for_themselves() -> None:
    rows = [Example(id=f"r{row}", text="x", labels=("a",), group="g" if row < 4 else "") for row in range(40)]
    sides = set()
    for seed in range(20):
        part = {row.id for row in nested_share(rows, 0.25, seed)}
        together = {"r0", "r1", "r2", "r3"}
        assert part & together in (set(), together)
        assert len(part) == pytest.approx(10, abs=2)  # half the group at most
        sides.add(bool(part & together))
    assert sides == {True, False}
