"""Several columns for one text, and several answers to one question."""

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.data.identity import content_id
from overtone.data.stored import from_lines, to_lines
from tests.data.test_formats import read


def test_texts_of_several_columns_are_joined_in_the_order_named(write, classify):
    rows = [
        {"question": "Is it?", "contexts": ["One.", " ", "Two."], "label": "yes"},
        {"question": "Why?", "contexts": [], "label": "no"},
        {"question": None, "contexts": "All.", "label": "no"},
        {"question": " ", "contexts": None, "label": "no"},
        {"question": 3, "contexts": "All.", "label": "no"},
    ]
    found = read(write, rows, classify, columns={"text": ["question", "contexts"]})
    assert [row.text for row in found.kept] == ["Is it?\n\nOne.\nTwo.", "Why?", "All."]
    assert [row.cause for row in found.dropped] == ["empty text", "text that is no text"]
    assert "text from 'question', 'contexts'" in found.reading.sentence
    turned = read(write, rows[:1], classify, columns={"text": ["contexts", "question"]})
    assert turned.kept[0].text == "One.\nTwo.\n\nIs it?"
    assert (
        read(write, rows[:1], classify, columns={"text": "contexts"}).dropped[0].cause
        == "text that is no text"
    )


def test_a_prompt_may_be_joined_too(write, answer):
    rows = [{"context": "It rains.", "question": "Does it rain?", "answer": "Yes."}]
    (row,) = read(write, rows, answer, columns={"prompt": ["context", "question"]}).kept
    assert row.messages == (Message("user", "It rains.\n\nDoes it rain?"), Message("assistant", "Yes."))


@pytest.mark.parametrize(
    ("task", "row", "columns", "role"),
    [
        ("answer", {"q": "Q", "a": "A", "b": "B"}, {"prompt": "q", "completion": ["a", "b"]}, "completion"),
        ("prefer", {"a": "Q", "b": "R", "chosen": "A", "rejected": "B"}, {"prompt": ["a", "b"]}, "prompt"),
    ],
)
def test_several_columns_are_refused_where_a_role_has_one(request, write, task, row, columns, role):
    with pytest.raises(UserError, match=rf"data.columns.{role}: .* take one column for the {role}, not 2"):
        read(write, [row], request.getfixturevalue(task), columns=columns)


SEVERAL = [
    {"mr": "name[A]", "refs": ["A is.", " ", "There is A.", "A!"]},
    {"mr": "name[A]", "answers": {"text": ["A is.", "There is A.", "A!"], "answer_start": [1, 2, 3]}},
    {
        "mr": "name[A]",
        "answers": [{"text": text, "answer_start": 1} for text in ("A is.", "There is A.", "A!")],
    },
]


@pytest.mark.parametrize("row", SEVERAL)
def test_the_first_answer_is_the_wanted_one_and_the_others_are_references(write, answer, row):
    found, _ = read(write, [row, row], answer, columns={"prompt": "mr"}).kept
    assert found.completion == "A is." and found.references == ("There is A.", "A!")
    assert found.wanted == ("A is.", "There is A.", "A!")
    assert [turn.content for turn in found.question.messages] == ["name[A]"]
    assert from_lines(to_lines([found])) == [found]


def test_references_belong_to_the_id_and_rows_without_any_keep_theirs(write, answer):
    alone, listed, more = (
        read(write, [{"prompt": "Q", "completion": cell}], answer).kept[0].id
        for cell in ("A", ["A"], ["A", "B"])
    )
    assert alone == listed == content_id("user", "Q", "assistant", "A") != more


def test_questions_with_marked_answers_are_read_with_their_documents(write, answer):
    rows = [
        {"doc_id": "d1", "context": "It rains.", "question": "Does it?", "answers": {"text": ["Yes"]}},
        {"doc_id": "d2", "context": "", "question": "And now?", "answers": {"text": [], "answer_start": []}},
    ]
    found = read(write, rows, answer)
    (row,) = found.kept
    assert (row.input, row.completion, row.documents) == ("Does it?", "Yes", ("d1",))
    assert "not used: context" in found.reading.sentence
    assert [one.cause for one in found.dropped] == ["empty completion"]
    (asked,) = read(write, rows[:1], answer, columns={"prompt": ["context", "question"]}).kept
    assert asked.input == "It rains.\n\nDoes it?"
