import random

import pytest
from tokenizers import Tokenizer, decoders, models

from overtone.generate.text import Detokenizer, StopStrings
from tests.generate.tiny import byte_tokenizer

TOKENIZER = byte_tokenizer()
TEXTS = ["plain", "Grüße, 東京! 👩‍👩‍👧 e\u0301\u2028", "", "\ufffd model's own", "a\U0001f600b"]


def stream(decode, tokens):
    detokenizer = Detokenizer(decode)
    return [detokenizer.push(token) for token in tokens] + [detokenizer.flush()]


def decode(tokens):
    return TOKENIZER.decode(list(tokens), clean_up_tokenization_spaces=False)


@pytest.mark.parametrize("text", TEXTS)
def test_pieces_hold_whole_characters_and_join_to_the_text(text):
    tokens = TOKENIZER(text)["input_ids"]
    assert len(tokens) == len(text.encode())
    pieces = stream(decode, tokens)
    assert "".join(pieces) == text
    assert all("\ufffd" not in piece for piece in pieces) or "\ufffd" in text


def test_random_bytes_join_to_what_decoding_at_once_gives():
    draw = random.Random(3)
    lead = ["é€\U0001f600"[draw.randrange(3)].encode() for _ in range(2000)]
    for _ in range(1000):
        data = b"".join(
            draw.choice(lead)[: draw.randint(1, 4)] if draw.random() < 0.5 else bytes([draw.randrange(256)])
            for _ in range(12)
        )
        tokens = [TOKENIZER.convert_tokens_to_ids(letter) for letter in _letters(data)]
        assert "".join(stream(decode, tokens)) == data.decode(errors="replace")


def test_byte_fallback_and_a_leading_space_mark():
    words = ["▁Hello", "▁wide", "▁world", *(f"<0x{byte:02X}>" for byte in range(256))]
    inner = Tokenizer(models.BPE(vocab={word: index for index, word in enumerate(words)}, merges=[]))
    inner.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokens = [0, 1, *(3 + byte for byte in "é😀".encode()), 2]
    pieces = stream(lambda row: inner.decode(list(row)), tokens)
    assert "".join(pieces) == inner.decode(tokens) == "Hello wideé😀 world"
    inner.add_special_tokens(["<|note|>"])  # silent: it must not make the next word the first of the text
    silent = [0, inner.token_to_id("<|note|>"), 1]
    assert "".join(stream(lambda row: inner.decode(list(row)), silent)) == "Hello wide"
    assert [piece for piece in pieces if piece] == ["Hello", " wide", "é", "😀", " world"]


@pytest.mark.parametrize(
    ("text", "stops", "wanted"),
    [
        ("one two three", ("two",), "one "),
        ("one two three", (), "one two three"),
        ("aaab", ("aab",), "a"),
        ("abcd", ("abcd", "bc"), "a"),
        ("no stop at all, thre", ("three", "alls"), "no stop at all, thre"),
        ("x\n\nQuestion: y", ("\n\nQ",), "x"),
    ],
)
def test_a_stop_string_never_leaks_however_the_text_is_cut(text, stops, wanted):
    draw = random.Random(0)
    for _ in range(50):
        cuts = sorted(draw.randint(0, len(text)) for _ in range(draw.randint(0, 6)))
        chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        strings, shown = StopStrings(stops), ""
        for chunk in chunks:
            shown += strings.push(chunk)
            assert wanted.startswith(shown)
            if strings.found:
                break
        assert shown + strings.flush() == wanted
        assert strings.found == any(stop in text for stop in stops)


def _letters(data):
    """The letters by which byte-level tokenizers write bytes: printable ones stand for themselves."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    table = {byte: byte for byte in plain} | {byte: 256 + place for place, byte in enumerate(others)}
    return [chr(table[byte]) for byte in data]
