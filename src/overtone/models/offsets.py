"""From text to token ids with the characters that each of them stands for."""

from collections.abc import Sequence

from overtone.models.base import Base
from overtone.models.families import Kind

Offsets = Sequence[
    tuple[int, int]
]  # first character of each token and the one behind its last; equal for marks
# Which token of a word is asked about it. An encoder's first one (Devlin et al. 2019, arXiv 1810.04805, section 5.3);
# the state of a decoder has seen the whole word at its last one alone.
ASKED: dict[Kind, int] = {"encoder": 0, "encoder-decoder": 0, "decoder": -1}


def encode_with_offsets(base: Base, text: str, marks: bool = True) -> tuple[list[int], Offsets]:
    """Token ids of a text and their characters; with `marks`, between the tokenizer's own start and end.

    A control string in the text loses its first character to a space: it stays text, and no character moves.
    """
    for mark in base.tokenizer.all_special_tokens:
        text = text.replace(mark, f" {mark[1:]}")
    encoded = base.tokenizer(
        text, add_special_tokens=marks, split_special_tokens=True, return_offsets_mapping=True
    )
    return encoded["input_ids"], [tuple(pair) for pair in encoded["offset_mapping"]]


def asked_tokens(base: Base, text: str, offsets: Offsets) -> list[int | None]:
    """For each word of a text the token at which a base of this kind is asked about it; None without one."""
    place = ASKED[base.description.kind]
    return [tokens[place] if tokens else None for tokens in word_tokens(text, offsets)]


def word_tokens(text: str, offsets: Offsets) -> list[range]:
    """For each word of a text, parted by white space, the tokens with a character of it, perhaps none."""
    words: list[range] = []
    first, end = 0, 0
    for word in text.split():
        start = text.index(word, end)
        end = start + len(word)
        while first < len(offsets) and offsets[first][1] <= start:
            first += 1
        behind = first
        while behind < len(offsets) and offsets[behind][0] < end and start < offsets[behind][1]:
            behind += 1
        words.append(range(first, behind))
    return words
