"""Spans of words in a row of tags: where each name begins and ends, and of which kind it is.

The rules are those of the CoNLL-2000 scorer, which seqeval follows where it is not strict: a span begins at `B-`, and
at `I-` where the word before belongs to no span or to one of another kind. A tag without a prefix counts as `I-`.
"""

from collections.abc import Sequence
from typing import NamedTuple

OUTSIDE = "O"
BEGINNINGS = ("B", "S", "U")  # S and U mark a span of one word
INSIDES = ("I", "E", "L")  # E and L mark the last word of a span
LAST = ("S", "U", "E", "L")


class Span(NamedTuple):
    """Words `start` to `end` (the first behind it), and what they are called."""

    start: int
    end: int
    kind: str


def spans(tags: Sequence[str]) -> list[Span]:
    """The spans of a row of tags, in order."""
    found: list[Span] = []
    start, kind, open_span = 0, "", False
    for place, tag in enumerate((*tags, OUTSIDE)):
        prefix, now = parted(tag)
        goes_on = open_span and prefix in INSIDES and now == kind
        if open_span and not goes_on:
            found.append(Span(start, place, kind))
            open_span = False
        if prefix and not goes_on:
            start, kind, open_span = place, now, True
        if open_span and prefix in LAST:
            found.append(Span(start, place + 1, kind))
            open_span = False
    return found


def parted(tag: str) -> tuple[str, str]:
    """Prefix and kind of a tag: `B-city` is `B` and `city`; nothing twice where the word belongs to no span."""
    if tag == OUTSIDE:
        return "", ""
    prefix, dash, kind = tag.partition("-")
    return (prefix, kind) if dash and prefix in (*BEGINNINGS, *INSIDES) else ("I", tag)


def tags_of(spans: Sequence[Span], words: int) -> list[str]:
    """A tag for each word, with `B-` and `I-`; where spans overlap the first keeps its words."""
    tags = [OUTSIDE] * words
    for span in spans:
        if all(tag == OUTSIDE for tag in tags[span.start : span.end]):
            inside = [f"I-{span.kind}"] * (span.end - span.start - 1)
            tags[span.start : span.end] = [f"B-{span.kind}", *inside]
    return tags
