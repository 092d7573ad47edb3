"""From text to token ids with the characters that each of them stands for."""

from collections.abc import Sequence

from overtone.models.base import Base

Offsets = Sequence[
    tuple[int, int]
]  # first character of each token and the one behind its last; equal for marks


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


def first_tokens(text: str, offsets: Offsets) -> list[int | None]:
    """For each word of a text, parted by white space, the first token with a character of it; None without one."""
    places: list[int | None] = []
    token, end = 0, 0
    for word in text.split():
        start = text.index(word, end)
        end = start + len(word)
        while token < len(offsets) and offsets[token][1] <= start:
            token += 1
        places.append(token if token < len(offsets) and offsets[token][0] < end else None)
    return places
