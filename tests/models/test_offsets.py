"""Tokens with their characters: each word is found at its first token, whatever the tokenizer."""

from overtone.models.base import load_base
from overtone.models.offsets import encode_with_offsets, first_tokens

TEXT = "Zürich to New York, [SEP] <|end|> ok"


def test_the_first_token_of_each_word_begins_with_it(small_base) -> None:
    base = load_base(str(small_base("bert")))
    tokens, offsets = encode_with_offsets(base, TEXT)
    places = first_tokens(TEXT, offsets)
    assert all(place is not None and place > 0 for place in places)
    firsts = [TEXT[offsets[place][0] : offsets[place][0] + 2] for place in places if place is not None]
    assert firsts == ["Zü", "to", "Ne", "Yo", "[S", "<|", "ok"] or firsts[5] == "|e"
    assert base.tokenizer.eos_token_id not in tokens[1:-1]  # a control string in a text stays text


def test_a_word_without_a_token_has_no_place() -> None:
    assert first_tokens("a b c", [(0, 0), (0, 1), (4, 5), (0, 0)]) == [1, None, 2]


def test_a_leading_space_belongs_to_the_word_behind_it() -> None:
    assert first_tokens("ab cd", [(0, 2), (2, 5)]) == [0, 1]


def test_the_built_in_encoder_gives_word_pieces() -> None:
    base = load_base("builtin:minilm")
    text = "play unbelievableness by Björk"
    tokens, offsets = encode_with_offsets(base, text)
    assert len(tokens) > 6
    places = first_tokens(text, offsets)
    starts = [text.index(word) for word in text.split()]
    assert [offsets[place][0] for place in places if place is not None] == starts
