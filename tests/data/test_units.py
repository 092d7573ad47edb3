"""Units and groups: nothing that belongs together is torn apart, and what shares a source is told."""

import random
from collections import Counter

from overtone.core.example import Example
from overtone.data.leakage import of_shared_groups
from overtone.data.split import split_rows
from overtone.data.units import units


def rows(groups: int, each: int, labels: str = "ab") -> list[Example]:
    return [
        Example(f"{group}-{n}", text=f"{group} {n}", labels=(labels[group % len(labels)],), group=f"g{group}")
        for group in range(groups)
        for n in range(each)
    ]


def test_rows_are_linked_through_questions_and_groups():
    one, two, three, four = (
        Example("1", text="a", group="x"),
        Example("2", text="A!", group="y"),
        Example("3", text="b", group="y"),
        Example("4", text="c"),
    )
    found = units([three, one, four, two])
    assert {name: [row.id for row in members] for name, members in found.items()} == {
        "a": ["3", "1", "2"],
        "c": ["4"],
    }


def test_rows_without_a_group_are_not_one_group():
    assert len(units([Example("1", text="a"), Example("2", text="b")])) == 2


def test_no_group_stands_in_two_splits_and_classes_keep_their_shares():
    examples = rows(100, 5)
    parts = split_rows(examples, [0.2, 0.1], 3, by_label=True)
    groups = [{row.group for row in part} for part in parts]
    assert not groups[0] & groups[1] and not groups[0] & groups[2] and not groups[1] & groups[2]
    assert [Counter(row.labels[0] for row in part) for part in parts] == [
        {"a": 50, "b": 50},
        {"a": 25, "b": 25},
        {"a": 175, "b": 175},
    ]
    shuffled = random.Random(1).sample(examples, len(examples))
    again = split_rows(shuffled, [0.2, 0.1], 3, by_label=True)
    assert groups == [{row.group for row in part} for part in again]


def test_a_group_counts_for_its_most_frequent_class():
    mixed = [
        Example(f"m{n}", text=f"mixed {n}", labels=("z" if n else "a",), group="mixed") for n in range(3)
    ]
    test, _, train = split_rows([*rows(30, 2), *mixed], [0.2, 0.1], 0, by_label=True)
    assert set(mixed) <= set(train), "one group of the class z is too few to be split"
    assert len(test) == 12


def test_a_group_larger_than_a_share_stays_in_train():
    large = [Example(f"l{n}", text=f"large {n}", group="large") for n in range(60)]
    for seed in range(12):
        test, validation, train = split_rows([*large, *rows(40, 1)], [0.2, 0.1], seed, by_label=False)
        assert set(large) <= set(train) and len(test) == 20 and len(validation) == 10


def test_rows_of_a_group_that_was_seen_are_counted():
    test = [Example("1", group="x"), Example("2", group="z"), Example("3")]
    assert of_shared_groups(test, [Example("4", group="x"), Example("5")]) == 1
