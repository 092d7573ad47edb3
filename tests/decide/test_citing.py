"""Answers that name the documents they rest on."""

import json

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message, Question
from overtone.decide.citing import CITE, citation_facts, read_citations
from overtone.decide.measured import _answer, _plain
from overtone.decide.notes import NotedWriter
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.library import Library
from tests.decide.materials import DOCUMENTS, TunedFake

ASKED = Question("q", messages=(Message("system", "Be kind."), Message("user", "slow wifi card bills")))


def shown(text):
    return Answer(text=text, documents=("a", "b"))


@pytest.mark.parametrize(
    ("text", "left", "cited"),
    [
        ("It is so [2].", "It is so.", ("b",)),
        ("So [1] and so [2][1]", "So and so", ("a", "b")),
        ("So [1, 2]", "So", ("a", "b")),
        ("So [3]", "So", ("[3]",)),
        ("In [2019] [x] 1", "In [2019] [x] 1", ()),
        (None, None, ()),
    ],
)
def test_numbers_in_brackets_become_ids(text, left, cited):
    answer = read_citations(shown(text))
    assert (answer.text, answer.cited) == (left, cited)


def test_documents_are_numbered_and_the_instruction_ends_the_question():
    class Citing(TunedFake):
        def answer(self, questions):
            return [Answer(text="Move it [1]") for _ in questions]

    writer = NotedWriter(Citing(), Library(DOCUMENTS, Bm25(), None), 2, cite=True)
    [prompt], [ids] = writer.noted([ASKED])
    text = prompt.messages[-1].content
    assert "[1] Slow wifi\n" in text and "[2] Bills\n" in text and text.endswith(CITE)
    assert prompt.messages[0] == ASKED.messages[0]
    answer = writer.answer([ASKED])[0]
    assert (answer.text, answer.cited, answer.documents) == ("Move it", ids[:1], ids)
    assert _answer(json.loads(json.dumps(_plain(answer)))) == answer
    unknown = Question("q", messages=(Message("user", "zzz"),))
    assert writer.prompts([unknown]) == [unknown]  # nothing is found, so there is nothing to cite


def test_shares_of_citations():
    rows = [Example("1", documents=("a",)), Example("2", documents=("b",)), Example("3"), Example("4")]
    answers = [
        Answer(documents=("a", "b"), cited=("a",)),
        Answer(documents=("a", "b"), cited=("a",)),
        Answer(documents=("a",), cited=("a", "[7]")),
        Answer(documents=("a",)),
    ]
    assert citation_facts(rows, answers) == {
        "answers_that_cite": 0.75,
        "answers_that_cite_shown_documents": 0.5,
        "answers_that_cite_gold": 0.5,
    }
    assert citation_facts(rows[2:3], answers[3:]) == {
        "answers_that_cite": 0.0,
        "answers_that_cite_shown_documents": 0.0,
    }
