"""The rivals that read no base: majority, canned reply, TF-IDF."""

from dataclasses import replace

import pytest

from overtone.core.example import Document, Example, Message, Question
from overtone.core.tasks.embed import EmbedTask
from overtone.decide.rivals.canned_reply import CannedReply, medoid, stock_replies
from overtone.decide.rivals.majority import Majority
from overtone.decide.rivals.popularity import Popularity
from overtone.decide.rivals.tfidf import TfidfLinear
from tests.decide.materials import answering, answering_rows, sorting

ASKED = [Question("1", text="my card is late"), Question("2", text="such slow wifi")]


def test_majority_gives_the_shares_of_all_rows():
    rows = [Example(str(row), text="x", labels=(label,)) for row, label in enumerate("aab")]
    system = Majority().prepare(sorting(train=rows, validation=rows[:1], labels=("a", "b")))
    assert system.answer(ASKED)[1].probabilities == {"a": 0.75, "b": 0.25}


def test_majority_of_several_labels_is_the_most_frequent_set():
    sets = [("a",), ("a", "b"), ("b", "a"), ("c",)]
    rows = [Example(str(row), text="x", labels=labels) for row, labels in enumerate(sets)]
    system = Majority().prepare(sorting(multi_label=True, train=rows, validation=[], labels=("a", "b", "c")))
    assert system.answer(ASKED)[0].probabilities == {"a": 1.0, "b": 1.0, "c": 0.0}


def test_popularity_gives_everyone_what_most_rows_want():
    rows = [Example(str(place), documents=ids) for place, ids in enumerate([("b",), ("c", "b"), ("a",)])]
    documents = [Document(name, f"text of {name}") for name in "abcd"]
    asked = sorting(train=rows[:2], validation=rows[2:], documents=documents)
    system = Popularity().prepare(replace(asked, task=EmbedTask(found=10)))
    for answer in system.answer(ASKED):
        assert (answer.text, answer.documents) == ("text of b", ("b", "a", "c", "d"))


def test_tfidf_sorts_and_tells_its_progress():
    told = []
    system = TfidfLinear().prepare(sorting(watch=told.append))
    answers = system.answer(ASKED)
    assert [answer.label for answer in answers] == ["card_arrival", "slow_wifi"]
    assert sum(answers[0].probabilities.values()) == pytest.approx(1)
    assert (told[-1].phase, told[-1].done, told[-1].total) == ("prepare tfidf", 5, 5)
    assert system.facts["strength"] in (0.1, 0.3, 1.0, 3.0)


def test_a_canned_reply_is_that_of_the_predicted_category():
    system = CannedReply().prepare(answering())
    questions = [Question(ask.id, messages=(Message("user", ask.text),)) for ask in ASKED]
    texts = [answer.text for answer in system.answer(questions)]
    assert texts == ["Please wait for the post.", "Move the router up."]


def test_without_categories_everyone_gets_the_same_reply():
    rows = [replace(row, labels=()) for row in answering_rows()]
    system = CannedReply().prepare(answering(train=rows, validation=rows))
    assert {answer.text for answer in system.answer(ASKED)} == {"Move the router up."}


def test_one_row_without_a_category_means_one_reply_for_all():
    rows = answering_rows()
    assert list(stock_replies([replace(rows[0], labels=()), *rows[1:]], seed=0)) == [""]


def test_the_medoid_shares_most_with_the_others_and_is_bounded():
    assert medoid(["x y", "a b c", "a b d", "a b"], seed=0) == "a b"
    many = [f"word{row} common" for row in range(5000)]
    assert medoid(many, seed=1) == medoid(many, seed=1)
