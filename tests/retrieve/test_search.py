"""Search by words and by vectors, and its recall."""

import sys

import numpy as np
import pytest

from overtone.core.errors import MissingExtra
from overtone.core.example import Document
from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.recall import recall
from overtone.retrieve.vectors import VectorIndex
from overtone.retrieve.words import words

DOCUMENTS = [
    Document("wifi", "Put the router up high. Keep it far from metal.", "Weak wifi in some rooms"),
    Document("bill", "A bill may hold charges of the month before.", "A higher bill"),
    Document("sim", "Block the card, then order another.", "Lost SIM card"),
]


def test_words_of_spaced_and_unspaced_scripts():
    assert words("My router's RED, Übung 5") == ["my", "router", "s", "red", "übung", "5"]
    assert words("ab漢字仮x 漢") == ["ab", "漢字", "字仮", "x", "漢"]


@pytest.mark.parametrize(
    ("query", "best"), [("the wifi is weak", 0), ("why is my BILL higher?", 1), ("lost sim", 2)]
)
def test_the_right_document_comes_first(query, best):
    assert Bm25Index.of_documents(DOCUMENTS).search(query, 2)[0] == best


def test_bm25_equals_its_formula():
    texts = ["red red light", "blue light", "green"]
    index = Bm25Index(texts)
    lengths, average, k1, b = [3, 2, 1], 2, 1.2, 0.75

    def score(row, term):
        count = texts[row].split().count(term)
        holds = sum(term in text.split() for text in texts)
        rarity = np.log(1 + (3 - holds + 0.5) / (holds + 0.5))
        return rarity * count / (count + k1 * (1 - b + b * lengths[row] / average))

    expected = [score(row, "red") + score(row, "light") for row in range(3)]
    assert index._index.get_scores(["red", "light"]) == pytest.approx(expected, rel=1e-4)
    assert index.search("light red", 3) == sorted(range(3), key=lambda row: -expected[row])


def test_a_query_of_unknown_words_finds_the_first_texts_and_never_fails():
    assert Bm25Index(["a b", "c d"]).search("zzz", 5) == [0, 1]
    assert Bm25Index(["", " "]).search("a", 1) == [0]
    assert Bm25Index([]).search("a", 1) == []


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "bm25s", None)
    with pytest.raises(MissingExtra, match=r"overtone\[retrieve\]"):
        Bm25Index(["a"])


def test_vectors_are_found_by_cosine():
    index = VectorIndex(np.eye(3, dtype=np.float32))
    order, similarities = index.search(np.array([[0.6, 0.8, 0.0]], dtype=np.float32), 2)
    assert order.tolist() == [[1, 0]]
    assert similarities.tolist()[0] == pytest.approx([0.8, 0.6])


def test_recall_counts_only_rows_with_a_known_document():
    gold = [("a",), ("b",), (), ("c", "d")]
    found = [("a", "x"), ("x", "b"), ("x", "y"), ("c", "x")]
    assert recall(gold, found, 1) == ((1 + 0 + 0.5) / 3, 3)
    assert recall(gold, found, 2) == ((1 + 1 + 0.5) / 3, 3)
    assert recall([()], [("a",)], 1) == (0.0, 0)
