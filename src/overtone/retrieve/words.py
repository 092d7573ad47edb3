"""Words of a text for search: case folded; scripts written without spaces give pairs of characters.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words. Pairs of neighbouring characters find
their texts about as well as a dictionary's words do, and need none (Nie et al. 1999, "On the Use of Words and
N-grams for Chinese Information Retrieval").
"""

import re
import sys
import unicodedata
from functools import cache

# Thai, Lao; Burmese; Khmer; kana; Chinese characters with their extensions.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
BASIC_PLANE = 0x10000


def words(text: str) -> list[str]:
    """The words of a text in order, for example `My router's red` gives my, router, s, red.

    Forms that only look different are one (NFKC). Signs that belong to a letter (vowels in Hindi, points in Arabic)
    stay within its word. Every word is the same string in memory wherever it stands.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [sys.intern(word) for piece in _pieces().findall(folded) for word in _split(piece)]


def word_ends(text: str) -> list[int]:
    """Where each word of a text ends, for cutting it; a character without spaces around it counts as a word."""
    return [match.end() for match in _units().finditer(text)]


def _split(piece: str) -> list[str]:
    if not re.match(f"[{UNSPACED}]", piece):
        return [piece]
    return [piece[start : start + 2] for start in range(max(1, len(piece) - 1))]


@cache
def _pieces() -> re.Pattern[str]:
    """Runs of one kind: a word of letters, digits and their signs, or characters without spaces."""
    return re.compile(rf"(?:[{UNSPACED}][{_signs()}]*)+|(?:[^\W_{UNSPACED}][{_signs()}]*)+")


@cache
def _units() -> re.Pattern[str]:
    """One character of a script without spaces, or all up to the next white space or such a character."""
    return re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")


@cache
def _signs() -> str:
    """The characters that belong to the letter before them (Unicode categories Mn and Mc), as a class."""
    signs = [chr(code) for code in range(BASIC_PLANE) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    return "".join(map(re.escape, signs))
