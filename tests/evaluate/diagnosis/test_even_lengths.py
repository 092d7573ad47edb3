"""Pairs among which length tells nothing."""

from overtone.core.example import Example, Message
from overtone.evaluate.diagnosis.even_lengths import even_lengths


def pair(name: str, chosen: int, rejected: int) -> Example:
    turns = (Message("user", "?"), Message("assistant", "a" * chosen))
    return Example(name, messages=turns, rejected="b" * rejected)


def test_as_many_with_the_longer_answer_chosen_as_with_the_shorter_one() -> None:
    rows = [pair(f"{index:03d}", 20 + index % 60, 30) for index in range(240)]
    rows += [pair(f"short{index:03d}", 30, 31 + index % 20) for index in range(40)]
    kept = [rows[place] for place in even_lengths(rows)]
    longer = sum(len(row.completion) > len(row.rejected) for row in kept)
    shorter = sum(len(row.completion) < len(row.rejected) for row in kept)
    equal = [row for row in rows if len(row.completion) == len(row.rejected)]
    assert longer == shorter > 40
    assert len(kept) == longer + shorter + len(equal) and len(equal) == 4


def test_far_apart_is_not_balanced_by_near() -> None:
    """All long leads go to the chosen answer, all short ones to the rejected: nothing is balanced."""
    rows = [pair(f"a{index}", 90, 10) for index in range(20)] + [
        pair(f"b{index}", 10, 11) for index in range(20)
    ]
    assert even_lengths(rows) == []


def test_pairs_of_equal_length_all_stay() -> None:
    assert even_lengths([pair(str(index), 9, 9) for index in range(5)]) == [0, 1, 2, 3, 4]
    assert even_lengths([]) == []
