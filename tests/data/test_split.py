"""Splits: seeded, whole questions, stratified, the same in any order of the rows."""

import random
from collections import Counter

from overtone.core.example import Example
from overtone.data.identity import content_id
from overtone.data.leakage import key
from overtone.data.split import small_classes, split_rows


def rows(counts: dict[str, int], copies: int = 1) -> list[Example]:
    return [
        Example(content_id(f"{label} {n}", label), text=f"{label} {n}" + "!" * copy, labels=(label,))
        for label, count in counts.items()
        for n in range(count)
        for copy in range(copies)
    ]


def test_shares_are_taken_from_each_class():
    test, validation, train = split_rows(rows({"a": 100, "b": 50, "c": 10}), [0.2, 0.1], 0, by_label=True)
    assert Counter(row.labels[0] for row in test) == {"a": 20, "b": 10, "c": 2}
    assert Counter(row.labels[0] for row in validation) == {"a": 10, "b": 5, "c": 1}
    assert Counter(row.labels[0] for row in train) == {"a": 70, "b": 35, "c": 7}


def test_order_does_not_matter_and_the_seed_does():
    examples = rows({"a": 40, "b": 20})
    shuffled = random.Random(1).sample(examples, len(examples))
    ids = [{row.id for row in part} for part in split_rows(examples, [0.2, 0.1], 5, by_label=True)]
    assert ids == [{row.id for row in part} for part in split_rows(shuffled, [0.2, 0.1], 5, by_label=True)]
    assert ids != [{row.id for row in part} for part in split_rows(examples, [0.2, 0.1], 6, by_label=True)]


def test_parts_keep_the_order_of_the_file():
    examples = rows({"a": 40})
    for part in split_rows(examples, [0.2, 0.1], 0, by_label=False):
        assert part == sorted(part, key=examples.index)


def test_copies_of_a_question_stay_together():
    test, validation, train = split_rows(rows({"a": 30, "b": 30}, copies=3), [0.2, 0.1], 0, by_label=True)
    keys = [{key(row) for row in part} for part in (test, validation, train)]
    assert not keys[0] & keys[1] and not keys[0] & keys[2] and not keys[1] & keys[2]
    assert len(test) + len(validation) + len(train) == 180
    assert 30 <= len(test) <= 36


def test_a_class_of_three_stands_everywhere_and_a_smaller_one_in_train():
    examples = rows({"a": 30, "three": 3, "two": 2, "one": 1})
    parts = split_rows(examples, [0.2, 0.1], 0, by_label=True)
    assert [sum(row.labels == ("three",) for row in part) for part in parts] == [1, 1, 1]
    assert [sum(row.labels[0] in ("one", "two") for row in part) for part in parts] == [0, 0, 3]
    assert small_classes(examples) == {"one": 1, "two": 2}


def test_copies_do_not_make_a_class_large_enough():
    assert small_classes(rows({"a": 1, "b": 3}, copies=5)) == {"a": 1}
