"""Answers marked good or bad: read with their prompts, kept together by prompt, and the good ones for writers."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.core.task import Task
from overtone.data.examples import read_examples
from overtone.data.load import load_data
from overtone.data.questions import read_questions
from overtone.data.settings import DataSettings

APPROVE, ANSWER = Task.model_validate("approve"), Task.model_validate("answer")


def read(path, task=APPROVE, **settings):
    return read_examples(path, task, DataSettings(train=str(path), **settings))


def test_an_answer_is_asked_about_with_its_prompt_and_never_wanted(write):
    first, second = read(write("a.csv", "prompt,response,thumbs\nhi,hello,up\nhi,go away,down\n")).kept
    assert (first.labels, second.labels) == (("good",), ("bad",))
    assert first.question.choices == ("hello",)
    assert first.question.messages == (Message("user", "hi"),)
    assert first.question.conversations == ((Message("user", "hi"), Message("assistant", "hello")),)
    assert first.text == first.input == "hi\n\nhello"
    assert first.completion == ""
    assert first.id != second.id and first.group == second.group != ""


@pytest.mark.parametrize(
    ("good", "bad"),
    [("True", "False"), ("1", "0"), ("Good", "bad"), ("thumbs up", "thumbs down"), ("👍", "👎")],
)
def test_a_mark_has_many_spellings(write, good, bad):
    kept = read(write("a.csv", f"prompt,completion,label\na,b,{good}\nc,d,{bad}\n")).kept
    assert [row.labels for row in kept] == [("good",), ("bad",)]


def test_turns_and_a_system_prompt_are_read_too(write):
    turns = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "yes?"},
        {"role": "user", "content": "go"},
    ]
    row = {
        "prompt": turns,
        "completion": [{"role": "assistant", "content": "no"}],
        "label": False,
        "system": "be kind",
    }
    (found,) = read(write("a.jsonl", json.dumps(row) + "\n")).kept
    assert [turn.content for turn in found.question.messages] == ["be kind", "hi", "yes?", "go"]
    assert found.choices == ("no",) and found.labels == ("bad",)


def test_rows_without_a_mark_are_dropped_and_counted(write):
    rows = "\n".join(
        f"q{place},a{place},{mark}" for place, mark in enumerate((["up"] * 20) + ["", "perhaps"])
    )
    found = read(write("a.csv", f"prompt,response,feedback\n{rows}\n"))
    assert len(found.kept) == 20
    assert [row.cause for row in found.dropped] == ["no mark", "a mark that is neither good nor bad"]


def test_marks_of_another_kind_are_refused_with_what_is_allowed(write):
    with pytest.raises(UserError) as error:
        read(write("a.csv", "prompt,completion,label\na,b,splendid\n"))
    assert str(error.value) == (
        "a.csv:2: the task 'approve' needs marks that are true or false, good or bad, up or down, yes or no, 1 or 0; "
        "this row has none (answers marked good or bad (KTO): prompt from 'prompt', completion from 'completion', mark "
        "from 'label')."
    )


def test_a_task_that_writes_learns_the_good_answers_alone(write):
    found = read(write("a.csv", "prompt,completion,label\na,b,true\nc,d,false\n"), ANSWER)
    assert [(row.input, row.completion) for row in found.kept] == [("a", "b")]
    assert [row.cause for row in found.dropped] == ["marked bad"]


def test_a_category_beside_prompts_is_no_mark(write):
    found = read(write("a.csv", "prompt,completion,label\na,b,card\nc,d,loan\n"), ANSWER)
    assert [row.labels for row in found.kept] == [("card",), ("loan",)]
    found = read(write("b.csv", "prompt,completion,label\na,b,yes\nc,d,no\n"), ANSWER)
    assert [row.labels for row in found.kept] == [("yes",), ("no",)]
    found = read(write("c.csv", "prompt,completion,thumbs\na,b,yes\nc,d,no\n"), ANSWER)
    assert [row.cause for row in found.dropped] == ["marked bad"]


def test_answers_to_one_prompt_never_stand_on_both_sides_of_a_split(write):
    rows = [(f"q{place % 30}", f"a{place}", "up" if place % 3 else "down") for place in range(120)]
    path = write("a.csv", "prompt,response,thumbs\n" + "".join(f"{','.join(row)}\n" for row in rows))
    settings = DataSettings(train=str(path), slices=["thumbs"])
    data = load_data(settings, APPROVE, 0, path.parent)
    sides = [{row.question.messages for row in side} for side in (data.train, data.validation, data.test)]
    assert all(sides) and sum(map(len, sides)) == len(set.union(*sides)) == 30
    assert data.labels == ("bad", "good")


def test_answers_are_asked_about_without_marks(write):
    path = write("a.csv", "prompt,completion\na,b\n")
    reading, asked = read_questions(path, APPROVE, DataSettings(train=str(path)))
    assert reading.format.name == "kto"
    assert [one.question.choices for one in asked if one.question] == [("b",)]
    reading, asked = read_questions(path, ANSWER, DataSettings(train=str(path)))
    assert [one.question.messages for one in asked if one.question] == [(Message("user", "a"),)]


@pytest.mark.parametrize("task", [APPROVE, ANSWER])
def test_a_mark_beside_a_row_that_is_asked_about_says_nothing(write, task):
    """Neither a bad answer nor a mark that nobody knows keeps a row from being answered."""
    path = write("a.csv", "prompt,completion,thumbs\na,b,down\nc,d,up\n")
    _, asked = read_questions(path, task, DataSettings(train=str(path)))
    assert [one.question.messages[0].content for one in asked if one.question] == ["a", "c"]
