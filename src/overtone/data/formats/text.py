"""Plain texts to continue, one a row."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import text_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row


class Text(Format):
    """Plain texts to continue, one a row."""

    name: ClassVar[str] = "text"
    title: ClassVar[str] = "plain texts"
    asks: ClassVar[frozenset[str]] = frozenset({"score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "text": ("text", "content", "body", "document", "passage", "article", "paragraph"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"text"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The text as it stands."""
        text = text_of(row, columns, "text")
        return Example(content_id(text), text=text, source=row.place)
