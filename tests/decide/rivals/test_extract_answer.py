"""The extracted answer: the right sentence of the right passage, cited, chosen on validation rows."""

from dataclasses import replace

import numpy as np
import pytest

from overtone.core.errors import UserError
from overtone.core.example import Document, Example, Message, Question
from overtone.core.tasks.answer import AnswerTask
from overtone.decide.answer_sentences import Found, SentenceIndex, choose_way
from overtone.decide.offers import chosen_rivals, offers
from overtone.decide.rivals.canned_reply import CannedReply
from overtone.decide.rivals.extract_answer import ExtractAnswer
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.library import Library
from tests.decide.materials import answering

DOCUMENTS = (
    Document("post", "We send letters. Cards take a week by post. Nobody works on Sunday.", "Cards"),
    Document("router", "It blinks when it works. Put the router up high for faster wifi.", "Wifi"),
    Document("bill", "Bills come monthly. Pay a bill by card or by post.", "Bills"),
)
ASKED = [
    ("how long do cards take by post", "Cards take a week by post.", "post"),
    ("where do I put the router", "Put the router up high for faster wifi.", "router"),
    ("how often do bills come", "Bills come monthly.", "bill"),
]
ROWS = [
    Example(f"r{row}", messages=(Message("user", asked), Message("assistant", answer)), documents=(document,))
    for row, (asked, answer, document) in enumerate(ASKED)
]


class Letters:
    """Vectors that count letters: like texts lie near each other."""

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked += texts
        vectors = np.array(
            [[text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]
        )
        return (vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)).astype(np.float32)

    def cut(self, texts):
        return 0


def materials(**more):
    given = answering(train=ROWS, validation=ROWS, documents=DOCUMENTS)
    return replace(given, **{"task": AnswerTask(metric="exact_match"), **more})


@pytest.fixture
def index():
    return SentenceIndex(Library(DOCUMENTS, Bm25(), lambda: None), Letters())


def test_the_nearest_sentence_of_the_best_passages_answers_and_cites_its_document(index):
    for (asked, answer, document), found in zip(ASKED, index.find([row[0] for row in ASKED], 3), strict=True):
        given = found.answer("words", 1)
        assert (given.text, given.cited, given.documents) == (answer, (document,), (document,))
        assert found.answer("words", 3).text == answer
        cosines = Letters().embed([asked]) @ Letters().embed([text for text, _ in found.sentences]).T
        assert found.meaning == pytest.approx(cosines[0], abs=1e-6)


def found(words, meaning):
    sentences = tuple((f"s{place}", place // 2) for place in range(4))
    return Found(("a", "b"), sentences, np.array(words), np.array(meaning))


def test_each_way_ranks_as_it_says_and_passages_limit_the_choice():
    one = found([0.0, 2.0, 1.0, 3.0], [0.9, 0.8, 0.2, 0.1])
    assert [one.answer(by, 2).text for by in ("words", "meaning", "both")] == ["s3", "s0", "s1"]
    assert [one.answer(by, 1).text for by in ("words", "meaning", "both")] == ["s1", "s0", "s0"]
    assert one.answer("words", 2).cited == ("b",) and one.answer("words", 1).cited == ("a",)
    assert found([0.0] * 4, [0.0] * 4).answer("words", 2).text == "s0"
    assert Found((), (), np.zeros(0), np.zeros(0)).answer("both", 3).text == ""


def test_way_and_passages_are_those_that_score_best_on_validation_rows(index):
    told = []
    way = choose_way(index, ("meaning", "words", "both"), (1, 3), materials(watch=told.append), "key")
    assert way == ("words", 1) and (told[-1].done, told[-1].total) == (6, 6)
    reverse = [replace(row, messages=(row.messages[0], Message("assistant", "Nobody."))) for row in ROWS]
    assert choose_way(index, ("both", "words"), (3, 1), materials(validation=reverse), "key") == ("both", 3)
    assert choose_way(index, ("meaning",), (5,), materials(validation=[]), "key") == ("meaning", 5)
    assert choose_way(index, ("words", "both"), (1, 3), materials(validation=[]), "key") == ("words", 1)


def test_sentences_are_embedded_once(index):
    index.find(["a card"], 2)
    index.find(["a bill"], 2)
    assert index.encoder.asked == ["a card", *index.sentences, "a bill"]
    assert index.sentences[2] == "Nobody works on Sunday." and list(index.spans[1]) == [3, 4]


def test_an_encoder_answers_from_documents(small_base):
    rival = ExtractAnswer(chunk_words=8)
    system = rival.prepare(materials(base=answering(small_base("bert")).base))
    answers = system.answer([row.question for row in ROWS])
    assert all(answer.text in system.index.sentences and len(answer.cited) == 1 for answer in answers)
    assert system.facts["sentence_by"] in ("words", "meaning", "both") and system.facts["passages"] > 3
    assert system.answer([Question("q", text="the router")])[0].text in system.index.sentences
    words = ExtractAnswer(by="words", passages=2).prepare(materials(base=answering(small_base("bert")).base))
    assert [one.text for one in words.answer([row.question for row in ROWS])] == [
        answer for _, answer, _ in ASKED
    ]
    assert (words.facts["sentence_by"], words.facts["passages_read"]) == ("words", 2)


def test_it_is_measured_where_an_encoder_and_documents_are_there():
    offered = offers(AnswerTask(), "encoder", False, documents=True)
    assert {"extract_answer", "canned_reply"} <= {rival.key for rival in chosen_rivals(None, offered)}
    bare = offers(AnswerTask(), "encoder", False, documents=False)
    with pytest.raises(UserError, match="'extract_answer' needs a file with documents"):
        chosen_rivals([CannedReply(), ExtractAnswer()], bare)
