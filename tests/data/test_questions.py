"""Questions: every row of a file in order, with or without answers beside them."""

from overtone.data.questions import read_questions
from overtone.data.settings import DataSettings


def test_every_row_is_asked_or_says_why_not(write, classify):
    path = write("q.csv", "id,text\n1,Hello\n2,\n3,Bye\n")
    reading, asked = read_questions(path, classify, DataSettings(train="q.csv"))
    assert [(row.question and row.question.text, row.cause) for row in asked] == [
        ("Hello", ""),
        (None, "empty text"),
        ("Bye", ""),
    ]
    assert asked[1].row.values["id"] == "2" and reading.format.name == "labelled"


def test_answers_beside_the_questions_are_not_part_of_them(write, answer):
    path = write("q.csv", "prompt,completion\nHello,Hi\n")
    (asked,) = read_questions(path, answer, DataSettings(train="q.csv"))[1]
    assert [turn.content for turn in asked.question.messages] == ["Hello"]
