"""Questions nested under their passages (SQuAD). Known, and refused."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.data.cell import value_of
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row


class Squad(Format):
    """Questions nested under their passages (SQuAD). Known, and refused; one row a question is read."""

    name: ClassVar[str] = "squad"
    title: ClassVar[str] = "questions nested under their passages (SQuAD)"
    asks: ClassVar[frozenset[str]] = frozenset()
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {"passages": ("paragraphs",)}
    asked: ClassVar[frozenset[str]] = frozenset({"passages"})
    refusal: ClassVar[str] = (
        "which is not read as it stands; write one row a question with question, answers and doc_id, and the "
        "passages as documents"
    )

    def fits(self, row: Row, columns: Columns) -> bool:
        """The passages are objects with questions, not texts."""
        value = value_of(row, columns, "passages")
        first = value[0] if isinstance(value, list) and value else value
        return isinstance(first, dict) and "qas" in first
