"""Questions with choices, in every way in which files write choices and the right one."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.core.tasks.choose import ChooseTask
from overtone.data.examples import read_examples
from overtone.data.leakage import key
from overtone.data.questions import read_questions
from overtone.data.settings import DataSettings


def read(path, text, **settings):
    path.write_text(text)
    return read_examples(path, ChooseTask(), DataSettings(train=str(path), **settings))


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def row(answer, choices=("x", "y", "z")):
    return {"question": "q?", "choices": choices, "answer": answer}


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (row(1), "y"),
        (row("1"), "y"),
        (row(1.0), "y"),
        (row("B"), "y"),
        (row("b"), "y"),
        (row(" y "), "y"),
        (row(1, ["3", "1", "2"]), "1"),
        (row(2, ["2", "1", "0"]), "0"),  # a number is a place, whatever the choices say
        (row("B", {"text": ["x", "y"], "label": ["A", "B"]}), "y"),
        (row("2", {"text": ["x", "y", "z"], "label": ["1", "2", "3"]}), "y"),
        (row("c", "x|y|z"), "z"),
        ({"goal": "q?", "endings": ["x", "y"], "label": 0}, "x"),
    ],
)
def test_the_right_choice_is_a_place_a_letter_or_a_text(tmp_path, given, right):
    (found,) = read(tmp_path / "a.jsonl", lines(given)).kept
    assert found.completion == right and found.input == "q?"
    assert found.question.choices == found.choices and not found.question.messages[1:]


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        (row("w"), "answer that names no choice"),
        (row(-1), "answer that names no choice"),
        (row(True), "answer that names no choice"),
        (row("1", ["3", "1", "2", "0"][::-1]), "answer that names two choices, one by its text"),
        (row("x", ["x", "x"]), "two choices are the same"),
        (row(0, ["x"]), "fewer than two choices"),
        (row(1, ["x", "", "z"]), "an empty choice before others"),
        (row(0, 7), "choices that are no list of texts"),
        (row(0, [["x"], ["y"]]), "choices that are no list of texts"),
        (row(""), "no right choice"),
    ],
)
def test_what_cannot_be_used_is_counted(tmp_path, given, cause):
    found = read(tmp_path / "a.jsonl", lines(row(0), given))
    assert [one.cause for one in found.dropped] == [cause] and len(found.kept) == 1


def test_a_column_for_each_choice(tmp_path):
    found = read(tmp_path / "a.csv", "question,A,B,C,answer\nq?,x,y,z,C\nr?,x,y,,B\n")
    assert [(one.choices, one.completion) for one in found.kept] == [
        (("x", "y", "z"), "z"),
        (("x", "y"), "y"),
    ]
    columns = {"question": "q", "choices": ["one", "two"], "answer": "right"}
    named = read(
        tmp_path / "b.csv",
        "q,one,two,right\nq?,x,y,1\n",
        columns=columns,
    )
    assert named.kept[0].completion == "y"


def test_answers_that_count_from_one_are_refused_until_the_plan_says_so(tmp_path):
    text = lines(row(1), row(3))
    with pytest.raises(UserError, match=r"counted from 1, set data\.format"):
        read(tmp_path / "a.jsonl", text)
    found = read(tmp_path / "a.jsonl", text, format={"name": "choices", "first": 1})
    assert [one.completion for one in found.kept] == ["x", "z"]


def test_questions_without_answers_can_be_asked(tmp_path):
    (tmp_path / "a.jsonl").write_text(lines({"question": "q?", "options": ["x", "y"]}))
    _, (asked,) = read_questions(tmp_path / "a.jsonl", ChooseTask(), DataSettings(train="a.jsonl"))
    assert asked.question.choices == ("x", "y")


def test_the_same_question_with_other_choices_is_another_one(tmp_path):
    rows = [row("x", ["x", "y"]), row("x", ["y", "x"]), row("x", ["x", "w"])]
    one, shuffled, other = read(tmp_path / "a.jsonl", lines(*rows)).kept
    assert key(one) == key(shuffled) != key(other)
    assert len({one.id, shuffled.id, other.id}) == 3


@pytest.mark.parametrize("prompt", ["Answer:", "{question} {question}", "{question}: "])
def test_a_prompt_that_cannot_work_is_refused(prompt):
    with pytest.raises(ValueError, match="prompt"):
        Task.model_validate({"name": "choose", "prompt": prompt})
