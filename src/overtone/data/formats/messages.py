"""Conversations as lists of `{role, content}` turns."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import names_of, optional_text, value_of
from overtone.data.conversation import conversation, read_turns
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import DOCUMENTS, LABEL, SYSTEM


class Messages(Format):
    """Conversations as lists of `{role, content}` turns."""

    name: ClassVar[str] = "messages"
    title: ClassVar[str] = "conversations (messages)"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "messages": ("messages", "chat"),
        "system": SYSTEM,
        "label": LABEL,
        "documents": DOCUMENTS,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"messages"})
    several: ClassVar[frozenset[str]] = frozenset({"label", "documents"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The turns in order, after a check of who speaks when."""
        return conversation(
            read_turns(value_of(row, columns, "messages")),
            row.place,
            system=optional_text(row, columns, "system"),
            labels=names_of(row, columns, "label"),
            documents=names_of(row, columns, "documents"),
        )
