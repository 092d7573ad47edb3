"""Tokens with their characters: each word is asked at its first token or, by a decoder, at its last."""

import pytest

from overtone.models.base import load_base
from overtone.models.offsets import asked_tokens, encode_with_offsets, word_tokens

TEXT = "Zürich to New York, [SEP] <|end|> ok"


@pytest.mark.parametrize(
    ("model_type", "edges"), [("bert", "ZtNY[<o"), ("t5", "ZtNY[<o"), ("llama", "how,]>k")]
)
def test_a_decoder_is_asked_where_it_has_read_the_whole_word(small_base, model_type: str, edges: str) -> None:
    base = load_base(str(small_base(model_type)))  # one token a byte
    tokens, offsets = encode_with_offsets(base, TEXT)
    words = [(offsets[one[0]][0], offsets[one[-1]][1]) for one in word_tokens(TEXT, offsets)]
    assert [TEXT[start:end] for start, end in words] == TEXT.split()
    asked = [offsets[place] for place in asked_tokens(base, TEXT, offsets) if place is not None]
    assert "".join(TEXT[start:end] for start, end in asked) == edges
    assert base.tokenizer.eos_token_id not in tokens[1:-1]  # a control string in a text stays text


def test_a_word_without_a_token_has_no_place(small_base) -> None:
    offsets = [(0, 0), (0, 1), (4, 5), (0, 0)]  # marks around two tokens
    assert word_tokens("a b c", offsets) == [range(1, 2), range(2, 2), range(2, 3)]
    for model_type in ("bert", "llama"):
        assert asked_tokens(load_base(str(small_base(model_type))), "a b c", offsets) == [1, None, 2]


def test_a_leading_space_belongs_to_the_word_behind_it() -> None:
    assert word_tokens("ab cd", [(0, 2), (2, 5)]) == [range(1), range(1, 2)]


def test_a_token_of_spaces_belongs_to_no_word() -> None:
    assert word_tokens("ab   cd", [(0, 2), (2, 4), (4, 7)]) == [range(1), range(2, 3)]


def test_two_words_may_share_a_token() -> None:
    assert word_tokens("in the end", [(0, 6), (6, 8), (8, 10)]) == [range(1), range(1), range(1, 3)]


def test_a_character_may_be_several_tokens() -> None:
    assert word_tokens("数 x", [(0, 1), (0, 1), (0, 1), (1, 3)]) == [range(3), range(3, 4)]


@pytest.mark.parametrize(("base", "edge"), [("builtin:minilm", 0), ("builtin:tiny", 1)])
def test_the_built_in_bases_give_pieces_of_words(base: str, edge: int) -> None:
    text = "play unbelievableness by Björk"
    loaded = load_base(base)
    tokens, offsets = encode_with_offsets(loaded, text)
    assert len(tokens) > 6
    words = text.split()
    starts = [text.index(word) for word in words]
    edges = starts if edge == 0 else [start + len(word) for start, word in zip(starts, words, strict=True)]
    asked = asked_tokens(loaded, text, offsets)
    assert [offsets[place][edge] for place in asked if place is not None] == edges
