"""Under which licence a base stands, as its own files say."""

import re
from pathlib import Path

from overtone.models.locate import BUILTIN

OWN = dict.fromkeys(BUILTIN, "Apache-2.0")
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---", re.S)
_LINE = re.compile(r"^license:\s*['\"]?([^\s'\"]+)", re.M)


def licence_of(name: str, folder: Path) -> str:
    """The licence's short name: of a built-in base, or from the front matter of the folder's README; "" if unsaid."""
    if name in OWN:
        return OWN[name]
    card = folder / "README.md"
    front = _FRONT.search(card.read_text(encoding="utf-8", errors="replace")) if card.is_file() else None
    found = _LINE.search(front.group(1)) if front else None
    return found.group(1) if found else ""
