"""Words of many scripts, and texts cut into chunks."""

import pytest

from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.chunks import chunks
from overtone.retrieve.words import word_ends, words


def test_words_of_spaced_and_unspaced_scripts():
    assert words("My router's RED, Übung 5") == ["my", "router", "s", "red", "übung", "5"]
    assert words("ab漢字仮x 漢") == ["ab", "漢字", "字仮", "x", "漢"]
    assert words("snake_case Straße STRASSE ﬁne ｘ") == ["snake", "case", "strasse", "strasse", "fine", "x"]


def test_signs_stay_with_their_letters():
    assert words("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert words("كِتَاب") == ["كِتَاب"]
    assert words("cafe\u0301") == words("café") == ["café"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("ภาษาไทยไม่มีช่องว่างระหว่างคำ", "ช่องว่าง"),
        ("日本語のテキストを検索する", "テキスト"),
        ("我们在北京大学学习", "北京大学"),
        ("မြန်မာဘာသာစကား", "ဘာသာ"),
    ],
)
def test_a_word_within_a_text_without_spaces_is_found(text, query):
    index = Bm25Index(["nothing of the kind", text, "漢 ก"])
    assert [hit.place for hit in index.search([query], 3)[0]] == [1]


def test_words_end_where_a_text_may_be_cut():
    text = "Hi, you 漢字 x"
    assert [text[:end] for end in word_ends(text)] == ["Hi,", "Hi, you", "Hi, you 漢", "Hi, you 漢字", text]


TEXT = "One two three. Four five six seven eight. Nine ten! Eleven twelve thirteen fourteen?"


def test_chunks_end_with_sentences_and_cover_the_text():
    pieces = chunks(TEXT, 8)
    assert pieces == [
        "One two three. Four five six seven eight.",
        "Nine ten! Eleven twelve thirteen fourteen?",
    ]
    assert chunks(TEXT, 14) == [TEXT]
    assert chunks("", 5) == [""]


def test_a_long_sentence_is_cut_between_words():
    assert chunks("a b c d e f g h i j", 4) == ["a b c d", "e f g h", "i j"]
    assert (
        chunks("a b. c d e f g h i j k l", 8)[0] == "a b. c d e f g h"
    )  # a sentence end too early to stop at


def test_chunks_overlap_by_words_or_by_a_sentence():
    assert chunks("a b c d e f g h", 4, 1) == ["a b c d", "d e f g", "g h"]
    assert chunks(TEXT, 10, 3)[1].startswith("Nine ten! Eleven")


def test_unspaced_scripts_are_cut_at_their_own_full_stop():
    assert chunks("我们学习。他们学习。", 6) == ["我们学习。", "他们学习。"]
    assert chunks("漢字漢字漢字", 4) == ["漢字漢字", "漢字"]


@pytest.mark.parametrize("size", range(8, 20))
@pytest.mark.parametrize("overlap", [0, 3])
def test_no_chunk_is_too_long_and_no_word_is_lost(size, overlap):
    text = " ".join(f"w{number}" + "." * (number % 7 == 0) for number in range(100))
    pieces = chunks(text, size, overlap)
    assert all(len(piece.split()) <= size for piece in pieces)
    assert {word for piece in pieces for word in piece.split()} == set(text.split())
    assert overlap or " ".join(pieces) == text
