"""Documents of the training text: rows with "text" or "messages", read from prose or JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

Row = dict[str, Any]
_ROLE = re.compile(r"^(System|User|Assistant):\s?", re.MULTILINE)


def plain(row: Row) -> str:
    """All the words of a document, without its roles."""
    return str(row["text"]) if "text" in row else "\n".join(message["content"] for message in row["messages"])


def identity(row: Row) -> str:
    """A stable short hash of what a document says, roles included."""
    said = json.dumps(row.get("text") or row["messages"], ensure_ascii=False)
    return blake2b(said.encode(), digest_size=8).hexdigest()


def from_prose(text: str) -> Row:
    """A prose document; lines "User:" and "Assistant:" make it a conversation."""
    if not re.match(r"(System|User):", text):
        return {"text": text}
    parts = _ROLE.split(text)[1:]
    turns = zip(parts[::2], parts[1::2], strict=True)
    return {"messages": [{"role": role.lower(), "content": said.strip()} for role, said in turns]}


def read_prose(folder: Path) -> list[Row]:
    """Every document of the folder's `*.md` files, in the order of their names."""
    files = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md")))
    texts = (part.strip() for file in files for part in re.split(r"^---$", file, flags=re.MULTILINE))
    return [from_prose(text) for text in texts if text]


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def words(rows: Iterable[Row]) -> int:
    """How many words some documents hold."""
    return sum(len(plain(row).split()) for row in rows)


def numbered_rows(source: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with an id that names their source and place."""
    for place, row in enumerate(rows):
        yield {"id": f"{source}-{place}", **row}
