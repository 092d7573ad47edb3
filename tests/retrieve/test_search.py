"""Search by words, by vectors and by both, whole documents and chunks."""

import math
import sys

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from overtone.core.errors import MissingExtra
from overtone.core.example import Document
from overtone.models.base import load_base
from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.dense import DenseIndex
from overtone.retrieve.encoder import BaseEncoder
from overtone.retrieve.fused import FusedIndex
from overtone.retrieve.hit import Hit
from overtone.retrieve.index import Index
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.indexes.dense import Dense
from overtone.retrieve.library import Library
from overtone.retrieve.vectors import BLOCK, VectorIndex

INDEX = TypeAdapter(Index)
DOCUMENTS = [
    Document("wifi", "Put the router up high. Keep it far from metal.", "Weak wifi in some rooms"),
    Document("bill", "A bill may hold charges of the month before.", "A higher bill"),
    Document("sim", "Block the card, then order another.", "Lost SIM card"),
]


class Fixed:
    """Finds what it is told to find."""

    def __init__(self, *places):
        self.places, self.facts = places, {"found": float(len(places))}

    def search(self, queries, count):
        return [[Hit(place, 9.0 - rank) for rank, place in enumerate(self.places[:count])] for _ in queries]


class Letters:
    """An encoder of two dimensions: how many a and b a text has; it reads 5 characters."""

    def __init__(self):
        self.calls = 0

    def embed(self, texts):
        self.calls += 1
        counts = np.array([[1e-9 + text.count("a"), text.count("b")] for text in texts], dtype=np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    def cut(self, texts):
        return sum(len(text) > 5 for text in texts)


def places(hits):
    return [[hit.place for hit in row] for row in hits]


@pytest.mark.parametrize(
    ("query", "best"), [("the wifi is weak", "wifi"), ("why is my BILL higher?", "bill"), ("lost sim", "sim")]
)
def test_the_right_document_comes_first(query, best):
    assert Library(DOCUMENTS, Bm25(), None).find([query], 2)[0][0].id == best


@pytest.mark.parametrize(("k1", "b"), [(1.2, 0.75), (0.5, 0.0), (2.0, 1.0)])
def test_bm25_equals_its_formula(k1, b):
    texts = ["red red light", "blue light", "green"]
    lengths, average = [3, 2, 1], 2

    def score(row, term):
        count = texts[row].split().count(term)
        holds = sum(term in text.split() for text in texts)
        rarity = np.log(1 + (3 - holds + 0.5) / (holds + 0.5))
        return rarity * count / (count + k1 * (1 - b + b * lengths[row] / average))

    expected = [score(row, "red") + score(row, "light") for row in range(2)]
    hits = Bm25(k1=k1, b=b).build(texts, None).search(["light red"], 3)[0]
    assert [hit.place for hit in hits] == [0, 1]  # the third shares no word
    assert [hit.score for hit in hits] == pytest.approx(expected, rel=1e-4)


def test_texts_that_share_no_word_are_not_found_and_ties_stand_in_order():
    assert Bm25Index(["a b", "c d"]).search(["zzz", ""], 5) == [[], []]
    assert Bm25Index(["", " "]).search(["a"], 1) == [[]]
    assert Bm25Index([]).search(["a"], 1) == [[]]
    assert places(Bm25Index(["x y", "b a", "a b", "a b"]).search(["a"], 2)) == [[1, 2]]


def test_a_missing_package_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "bm25s", None)
    with pytest.raises(MissingExtra, match=r"overtone\[retrieve\]"):
        Bm25Index(["a"])


def test_vectors_are_found_by_cosine():
    index = VectorIndex(np.eye(3, dtype=np.float32))
    order, similarities = index.search(np.array([[0.6, 0.8, 0.0]], dtype=np.float32), 2)
    assert order.tolist() == [[1, 0]]
    assert similarities.tolist()[0] == pytest.approx([0.8, 0.6])
    many = np.tile(np.array([[0, 0, 1], [1, 0, 0]], dtype=np.float32), (BLOCK, 1))
    assert index.search(many, 1)[0][:, 0].tolist() == [2, 0] * BLOCK
    assert index.search(many[:0], 2)[0].shape == (0, 2)


def test_dense_search_embeds_texts_once_and_queries_together():
    encoder = Letters()
    index = DenseIndex(["bbb", "aaa", "ab ab ab", "aa"], encoder)
    assert places(index.search(["a", "b"], 3)) == [[1, 3, 2], [0, 2, 1]]
    assert encoder.calls == 2
    assert index.facts == {"texts_cut_by_encoder": 1.0}
    assert DenseIndex([], encoder).search(["a"], 2) == [[]]


def test_an_encoder_base_embeds_and_counts_what_it_cuts(small_base):
    base = load_base(str(small_base("bert")))
    index = Dense(encoder=None).build(["wifi is slow", "x" * 200], lambda: base)
    assert index.facts == {"texts_cut_by_encoder": 1.0}
    assert index.encoder.base is base
    assert index.search(["wifi is slow"], 1)[0] == [Hit(0, pytest.approx(1.0, abs=1e-5))]
    own = Dense(encoder=str(small_base("bert"))).build(["a"], None)
    assert isinstance(own.encoder, BaseEncoder)


def test_fusion_adds_reciprocal_ranks():
    fused = FusedIndex([Fixed(3, 1, 2), Fixed(1, 4)])
    hits = fused.search(["q"], 3)[0]
    assert [hit.place for hit in hits] == [1, 3, 4]
    assert [hit.score for hit in hits] == pytest.approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])
    assert places(FusedIndex([Fixed(5), Fixed(2)]).search(["q"], 2)) == [[2, 5]]  # a tie: the earlier text
    assert fused.facts == {"found": 2.0}


def test_an_index_is_a_part_with_settings():
    assert INDEX.validate_python("bm25") == Bm25()
    fused = INDEX.validate_python({"name": "fused", "words": {"b": 0.5}, "constant": 10})
    assert (fused.words, fused.meaning) == (Bm25(b=0.5), Dense())
    assert INDEX.validate_python(INDEX.dump_python(fused, mode="json")) == fused
    assert (Bm25().needs(), fused.needs()) == (frozenset(), {"text_encoder"})
    assert Dense(encoder="some/hub-id").needs() == frozenset()
    with pytest.raises(ValidationError, match="no index is called 'bm52'"):
        INDEX.validate_python("bm52")
    with pytest.raises(ValidationError, match="Did you mean 'builtin:minilm'"):
        INDEX.validate_python({"name": "dense", "encoder": "builtin:mini"})


def test_each_document_is_found_once_by_its_best_chunk():
    long = Document("long", "One two three four. Red light here now. Red red red light.", "T")
    library = Library([long, *DOCUMENTS], Bm25(), None, chunk_words=4)
    assert [passage.text for passage in library.passages[:3]] == [
        "One two three four.",
        "Red light here now.",
        "Red red red light.",
    ]
    assert library.facts["passages"] == len(library.passages) > 6
    [found] = library.find(["red light router"], 3)
    assert [document.id for document in found] == ["long", "wifi"]
    assert (found[0].text, found[0].title) == ("Red red red light.", "T")
    assert library.passage_of("long", "here now") == library.passages[1]
    assert library.passage_of("bill", "zzz").id == "bill"
    assert library.passage_of("unknown", "x") is None


def test_scores_are_finite_numbers():
    hits = Library(DOCUMENTS, Bm25(), None).search(["the card bill"], 3)[0]
    assert all(math.isfinite(hit.score) and isinstance(hit.score, float) for hit in hits)


def test_fused_search_takes_its_settings_from_both(small_base):
    built = INDEX.validate_python({"name": "fused", "words": {"b": 0.0}, "constant": 1}).build(
        ["wifi is slow", "card"], lambda: load_base(str(small_base("bert")))
    )
    hits = built.search(["wifi is slow"], 2)[0]
    assert hits == [Hit(0, 1.0), Hit(1, pytest.approx(1 / 3))]  # the card is found by meaning alone
    assert built.facts == {"texts_cut_by_encoder": 0.0}
