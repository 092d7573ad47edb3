"""Answers marked inside a passage (SQuAD). Known, and refused."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.data.cell import value_of
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row


class Squad(Format):
    """Answers marked inside a passage (SQuAD). Known, and refused."""

    name: ClassVar[str] = "squad"
    title: ClassVar[str] = "answers marked inside passages (SQuAD)"
    asks: ClassVar[frozenset[str]] = frozenset()
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {"answers": ("paragraphs", "answers")}
    asked: ClassVar[frozenset[str]] = frozenset({"answers"})
    refusal: ClassVar[str] = (
        "which this version does not train on; to learn to write the answers, write prompt and completion"
    )

    def fits(self, row: Row, columns: Columns) -> bool:
        """The answers are objects with positions, not texts."""
        value = value_of(row, columns, "answers")
        first = value[0] if isinstance(value, list) and value else value
        return isinstance(first, dict) and not {"answer_start", "qas"}.isdisjoint(first)
