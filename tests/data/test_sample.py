"""Fewer rows to learn from: nested, seeded, counted, and the test rows untouched."""

from collections import Counter

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.data.sample import sampled
from overtone.data.settings import DataSettings
from tests.data.test_load import lines, load  # noqa: F401

FILES = {"a.jsonl": lines({"x": 40, "y": 40, "z": 4})}


def ids(rows):
    return {row.id for row in rows}


def drawn(examples, seed=0, **settings):
    return sampled(examples, DataSettings(train="a.jsonl", **settings), seed)


ROWS = [Example(str(row), text=f"text {row}", labels=("ab"[row % 2],)) for row in range(60)]


@pytest.mark.parametrize("setting", ["rows", "rows_per_class"])
def test_a_smaller_sample_is_part_of_a_larger_one_in_any_order_of_the_rows(setting):
    few, many = (drawn(ROWS, **{setting: count}) for count in (5, 10))
    assert ids(few) < ids(many) and ids(few) == ids(drawn(ROWS[::-1], **{setting: 5}))
    assert ids(few) != ids(drawn(ROWS, seed=1, **{setting: 5}))
    assert few == [row for row in ROWS if row in few]


def test_each_class_gives_its_number_and_a_row_of_several_stands_for_each():
    assert Counter(row.labels[0] for row in drawn(ROWS, rows_per_class=7)) == {"a": 7, "b": 7}
    both = [Example("x", text="both", labels=("a", "b")), Example("y", text="one", labels=("a",))]
    assert "x" in ids(drawn(both, rows_per_class=1)) and len(drawn(both, rows_per_class=1)) <= 2
    assert ids(drawn(both, rows_per_class=1)) <= ids(drawn(both, rows_per_class=2)) == {"x", "y"}


def test_a_repeated_question_is_taken_last():
    rows = [*ROWS[:6], *(Example(f"copy{row}", text="TEXT 0!", labels=("a",)) for row in range(9))]
    assert len({row.text.lower().strip("!") for row in drawn(rows, rows=6)}) == 6
    assert len(drawn(rows, rows=9)) == 9


def test_rows_of_each_class_are_set_aside_after_the_test_rows_are_cut(load):  # noqa: F811
    whole = load(files=FILES, train="a.jsonl")
    few, more = (load(train="a.jsonl", rows_per_class=count, validation_share=0.2) for count in (5, 10))
    assert ids(few.test) == ids(more.test) == ids(whole.test)
    learnt = [ids([*data.train, *data.validation]) for data in (few, more)]
    assert learnt[0] < learnt[1] and not learnt[1] & ids(few.test)
    assert Counter(row.labels[0] for row in few.train) == {"x": 4, "y": 4, "z": 2}
    (account,) = few.account.to_json()
    assert account["set_aside"] == 84 - len(few.test) - 13
    assert (
        "a.jsonl",
        "set aside: the plan asks for fewer or others",
        account["set_aside"],
        "",
    ) in few.account.rows()
    assert few.warnings == ("Classes of fewer than 5 rows, which are all taken: 1, 'z' (3).",)
    assert "set_aside" not in str(whole.account.rows()) and whole.account.to_json()[0]["set_aside"] == 0


def test_rows_from_files_of_their_own_are_all_kept(load):  # noqa: F811
    files = {**FILES, "v.jsonl": lines({"x": 30, "y": 30}, 100), "t.jsonl": lines({"x": 30, "y": 30}, 200)}
    data = load(files=files, train="a.jsonl", validation="v.jsonl", test="t.jsonl", rows=20)
    assert (len(data.train), len(data.validation), len(data.test)) == (20, 60, 60)
    assert [file["set_aside"] for file in data.account.to_json()] == [64, 0, 0]


def test_what_cannot_be_sampled_is_refused(load):  # noqa: F811
    with pytest.raises(ValueError, match="rows and rows_per_class both say"):
        DataSettings(train="a", rows=3, rows_per_class=3)
    with pytest.raises(UserError, match=r"the task 'answer' has no classes; set data\.rows"):
        load(task="answer", files=FILES, train="a.jsonl", rows_per_class=5)
    with pytest.raises(UserError, match="3 rows are too few to take validation rows from"):
        load(files=FILES, train="a.jsonl", rows_per_class=1)
