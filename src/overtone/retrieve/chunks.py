"""Long texts in pieces that a prompt or an encoder can hold, cut between sentences where that is possible."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from overtone.retrieve.words import word_ends

# An end of a sentence with what closes it, or an empty line; Chinese and Japanese signs need no space behind them.
SENTENCE_END = re.compile(r"[.!?…۔؟।][\"'”’)\]]*(?=\s)|[。!?][」』”’)]*|\n\s*\n")


def chunks(text: str, size: int, overlap: int = 0) -> list[str]:
    """Pieces of at most `size` words that cover the text in order; a text that is short enough is one piece.

    A piece ends with a sentence unless that would leave it less than half full. The next begins `overlap` words
    before, or with the first sentence that begins in that stretch; `overlap` is below half of `size`.
    """
    ends = word_ends(text)
    if len(ends) <= size:
        return [text]
    starts = [0, *ends[:-1]]
    stops = _sentence_stops(text, ends)
    pieces: list[str] = []
    first = 0
    while True:
        last = _last(first, size, len(ends), stops)
        pieces.append(text[starts[first] : ends[last - 1]].strip())
        if last == len(ends):
            return pieces
        first = _next(last, overlap, stops)


def _last(first: int, size: int, words: int, stops: Sequence[int]) -> int:
    """The number of words up to which a piece goes that begins at word `first`."""
    furthest = min(first + size, words)
    if furthest == words:
        return words
    fitting = [stop for stop in stops if first + size // 2 <= stop <= furthest and stop > first]
    return fitting[-1] if fitting else furthest


def _next(last: int, overlap: int, stops: Sequence[int]) -> int:
    """The word at which the next piece begins: the first sentence of the overlap, else its first word."""
    return (
        next((stop for stop in stops if last - overlap <= stop <= last), last - overlap) if overlap else last
    )


def _sentence_stops(text: str, ends: Sequence[int]) -> list[int]:
    """How many words lie up to the end of each sentence, in order."""
    return sorted({bisect_right(ends, mark.end()) for mark in SENTENCE_END.finditer(text)})
