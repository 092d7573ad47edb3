"""Words of a text for search: lower-cased; scripts written without spaces give pairs of characters."""

import re

UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # kana and Chinese characters
PIECES = re.compile(rf"[{UNSPACED}]+|[^\W{UNSPACED}]+")


def words(text: str) -> list[str]:
    """The words of a text in order, for example `My router's red` gives my, router, s, red."""
    return [word for piece in PIECES.findall(text.lower()) for word in _split(piece)]


def _split(piece: str) -> list[str]:
    if not re.match(f"[{UNSPACED}]", piece):
        return [piece]
    return [piece[start : start + 2] for start in range(max(1, len(piece) - 1))]
