"""A question and a passage as one row of tokens, or as several where the passage is long."""

from collections.abc import Iterator
from dataclasses import dataclass

from overtone.models.base import Base
from overtone.models.offsets import Offsets, encode_with_offsets
from overtone.models.text import encode_text


@dataclass(frozen=True, slots=True)
class Window:
    """The question and what parts it from the passage, the passage's tokens from place `first` on, and an end mark.

    `offsets` are the characters of the passage that its tokens stand for.
    """

    tokens: tuple[int, ...]
    first: int
    offsets: Offsets

    @property
    def places(self) -> range:
        """Where the tokens of the passage stand."""
        return range(self.first, self.first + len(self.offsets))


def windows(base: Base, question: str, passage: str) -> list[Window]:
    """Windows of the base's context that cover the passage; each begins half a window behind the one before it.

    Devlin et al. 2019 and SQuAD's usual practice. A question that leaves no room makes one window over the context.
    """
    asked, end = _asked(base, question)
    tokens, offsets = encode_with_offsets(base, passage, marks=False)
    room = base.description.context - len(asked) - len(end)
    starts = _starts(len(tokens), room)
    return [
        Window((*asked, *tokens[start : start + room], *end), len(asked), offsets[start : start + room])
        if room > 0
        else Window((*asked, *tokens, *end), len(asked), offsets)
        for start in starts
    ]


def _asked(base: Base, question: str) -> tuple[list[int], tuple[int, ...]]:
    """The question, closed by the tokenizer's end mark, and that mark; by a line break where it sets none."""
    asked = encode_text(base, question)
    if asked and asked[-1] in base.tokenizer.all_special_ids:
        return asked, (asked[-1],)
    return encode_text(base, f"{question}\n"), ()


def _starts(tokens: int, room: int) -> Iterator[int]:
    """The first token of each window."""
    start = 0
    yield start
    while room > 1 and start + room < tokens:
        start += max(1, room // 2)
        yield start
