"""Folds: every row judged once, classes even, groups and repeated questions whole."""

from collections import Counter

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.search.folds import deal, folds


def rows(count, classes=3, group=lambda number: ""):
    return [
        Example(str(number), f"text number {number}", (f"class {number % classes}",), group=group(number))
        for number in range(count)
    ]


def test_every_row_is_judged_once_by_rows_that_are_not_its_own():
    examples = rows(60)
    parts = list(folds(examples, 5, 0.2, seed=1, by_label=True))
    assert sorted(row.id for fold in parts for row in fold.test) == sorted(row.id for row in examples)
    for fold in parts:
        assert len({row.id for part in (fold.train, fold.validation, fold.test) for row in part}) == 60
        assert len(fold.test) == 12 and len(fold.validation) == 9


def test_each_class_is_dealt_evenly():
    sizes = [30, 17, 5]
    examples = [
        Example(f"{label}-{number}", f"{label} {number}", (str(label),))
        for label, size in enumerate(sizes)
        for number in range(size)
    ]
    for part in deal(examples, 5, 0, by_label=True):
        counts = Counter(row.labels[0] for row in part)
        assert [counts[str(label)] for label in range(3)] in ([6, 3, 1], [6, 4, 1])
    together = [len(part) for part in deal(examples, 5, 0, by_label=True)]
    assert max(together) - min(together) <= 1


def test_a_group_and_a_repeated_question_stay_in_one_fold():
    examples = rows(40, group=lambda number: f"person {number // 4}")
    examples += [Example("copy", "Text  number 0!", ("class 0",))]
    place = {row.id: number for number, part in enumerate(deal(examples, 4, 0, True)) for row in part}
    for number in range(40):
        assert place[str(number)] == place[str(number // 4 * 4)]
    assert place["copy"] == place["0"]
    assert max(Counter(place.values()).values()) <= 13


def test_the_same_rows_in_another_order_give_the_same_folds_and_another_seed_others():
    examples = rows(30)
    parts = [{row.id for row in part} for part in deal(examples, 3, 5, True)]
    assert parts == [{row.id for row in part} for part in deal(examples[::-1], 3, 5, True)]
    assert parts != [{row.id for row in part} for part in deal(examples, 3, 6, True)]


def test_fewer_units_than_folds_are_refused():
    with pytest.raises(UserError, match="only 2 different questions or groups"):
        deal(rows(10, group=lambda number: str(number % 2)), 3, 0, True)


def test_classes_stay_even_where_groups_differ_in_size():
    groups = [("a", 3), ("a", 3), ("b", 3), ("a", 2), ("b", 2), ("b", 2)]
    examples = [
        Example(f"{place}-{number}", f"text {place} {number}", (label,), group=str(place))
        for place, (label, size) in enumerate(groups)
        for number in range(size)
    ]
    for part in deal(examples, 3, 0, by_label=True):
        counts = Counter(row.labels[0] for row in part)
        assert len(part) == 5 and min(counts["a"], counts["b"]) == 2
