"""Splitting a text into sentences or lines, in many scripts and without anything to download."""

import re
from itertools import pairwise

SPACED = ".!?\u2026\u061f\u06d4\u0964\u0965\u1362\u104b"  # also Arabic, Urdu, Hindi, Amharic, Burmese
UNSPACED = "\u3002\uff01\uff1f\uff61"  # of Chinese and Japanese: no space follows
CLOSERS = "\"'\u2019\u201d\u00bb)\\]\u300d\u300f\uff09"
ENDS = re.compile(rf"[{SPACED}]+[{CLOSERS}]*(?=\s)|[{UNSPACED}]+[{CLOSERS}]*")
LAST_WORD = re.compile(r"(\w[\w.]*)\.$")
LATIN = "mr mrs ms dr prof st vs fig jr sr hr fr sra dra bzw ca cf e.g i.e z.b d.h p.ej"
ABBREVIATIONS = frozenset(LATIN.split())


def lines(text: str) -> list[str]:
    """The lines of a text that hold something: the turns of a dialogue, the items of a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line break always ends one."""
    return [sentence for line in lines(text) for sentence in _split(line)]


def _split(line: str) -> list[str]:
    ends = [found.end() for found in ENDS.finditer(line) if _ends(line, found.end())]
    bounds = [0, *ends, len(line)]
    pieces = (line[start:end].strip() for start, end in pairwise(bounds))
    return [piece for piece in pieces if piece]


def _ends(line: str, place: int) -> bool:
    """Whether a mark ends a sentence here: not after an initial or an abbreviation, nor before a small letter."""
    if line[place:].lstrip()[:1].islower():
        return False
    last = LAST_WORD.search(line[:place])
    return last is None or not (_initial(last[1]) or last[1].lower() in ABBREVIATIONS)


def _initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def joined(pieces: list[str], unit: str) -> str:
    """Pieces as one text: lines below each other, sentences one after the other."""
    if unit == "lines":
        return "\n".join(pieces)
    ends = tuple(UNSPACED)
    return "".join(piece if piece.endswith(ends) else f"{piece} " for piece in pieces).strip()
