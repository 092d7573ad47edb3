"""A text and its label; several labels as a list, in one cell with a separator, or in several columns."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import names_of, text_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.labels import refuse_mixed_kinds, refuse_swapped
from overtone.data.sources.table import Row, Table
from overtone.data.usual import LABEL

TEXT = (
    "text",
    "utterance",
    "sentence",
    "tweet",
    "review",
    "email",
    "mail",
    "message",
    "comment",
    "content",
    "body",
    "description",
    "query",
    "question",
    "prompt",
    "input",
)


class Labelled(Format):
    """A text and its label; several labels as a list, in one cell with a separator, or in several columns."""

    name: ClassVar[str] = "labelled"
    title: ClassVar[str] = "labelled rows"
    asks: ClassVar[frozenset[str]] = frozenset({"classify"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "text": TEXT,
        "label": LABEL,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"text"})
    answered: ClassVar[frozenset[str]] = frozenset({"label"})
    several: ClassVar[frozenset[str]] = frozenset({"text", "label"})

    separator: str = Field("|", min_length=1, description="between labels in one cell (multi-label tasks)")

    def check(self, table: Table, columns: Columns, stated: bool) -> None:
        """Labels of several kinds are refused, and columns that look swapped unless they were named."""
        if "label" in columns:
            refuse_mixed_kinds(table, columns["label"])
            if not stated:
                refuse_swapped(table, columns["text"][0], columns["label"][0])

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The text as it stands, and its labels without surrounding space."""
        text = text_of(row, columns, "text")
        several = bool(getattr(task, "multi_label", False))
        labels = names_of(row, columns, "label", self.separator if several else "")
        return Example(content_id(text, *labels), text=text, labels=labels, source=row.place)
