"""ShareGPT: conversations as lists of `{from: human | gpt, value}` turns."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import optional_text, value_of
from overtone.data.conversation import conversation, read_turns
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row
from overtone.data.usual import SYSTEM


class ShareGPT(Format):
    """ShareGPT: conversations as lists of `{from: human | gpt, value}` turns."""

    name: ClassVar[str] = "sharegpt"
    title: ClassVar[str] = "conversations (ShareGPT)"
    asks: ClassVar[frozenset[str]] = frozenset({"generate", "score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "conversations": ("conversations", "conversation"),
        "system": SYSTEM,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"conversations"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The turns in order, with human and gpt read as user and assistant."""
        turns = read_turns(value_of(row, columns, "conversations"))
        return conversation(turns, row.place, system=optional_text(row, columns, "system"))
