"""Words and their tags, as two lists of one length."""

from collections.abc import Mapping
from typing import Any, ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import UnusableError, value_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row


class Tagged(Format):
    """Words and their tags, as two lists of one length, or as two texts with spaces between them."""

    name: ClassVar[str] = "tagged"
    title: ClassVar[str] = "tagged words"
    asks: ClassVar[frozenset[str]] = frozenset({"tag"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "words": ("tokens", "words", "text"),
        "tags": ("tags", "ner_tags", "slots", "pos_tags", "labels"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"words"})
    answered: ClassVar[frozenset[str]] = frozenset({"tags"})
    expects: ClassVar[str] = "tags that are one text or a list of texts"

    def fits(self, row: Row, columns: Columns) -> bool:
        """The tags, where a row has some, are texts."""
        tags = value_of(row, columns, "tags")
        return tags is None or isinstance(tags, str) or _texts(tags)

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The words with a space between them, and a label for each where there are tags."""
        words, tags = (_listed(value_of(row, columns, role), role) for role in ("words", "tags"))
        text = " ".join(words)
        return Example(content_id(text, *tags), text=text, labels=tuple(tags), source=row.place)


def _listed(value: Any, role: str) -> list[str]:
    """The parts of a list of texts, or of a text between spaces."""
    if value is None:
        return []
    parts = value.split() if isinstance(value, str) else value
    if not _texts(parts):
        raise UnusableError(f"{role} that are no texts")
    if any(part.split() != [part] for part in parts):
        raise UnusableError(f"one of the {role} is empty or holds white space")
    return list(parts)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
