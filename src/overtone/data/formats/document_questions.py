"""A question, the id of the document that is its passage, and the spans of it that answer the question."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import names_of
from overtone.data.format import Columns, Format
from overtone.data.formats.passages import Passages, asked_of
from overtone.data.sources.table import Row
from overtone.data.usual import DOCUMENTS


class DocumentQuestions(Format):
    """A question, the id of the document that is its passage, and the spans of it that answer the question."""

    name: ClassVar[str] = "document_questions"
    title: ClassVar[str] = "questions about documents"
    asks: ClassVar[frozenset[str]] = frozenset({"extract"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "question": Passages.roles["question"],
        "answers": Passages.roles["answers"],
        "documents": DOCUMENTS,
    }
    asked: ClassVar[frozenset[str]] = frozenset({"question", "documents"})
    answered: ClassVar[frozenset[str]] = frozenset({"answers"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """Question and answer as turns; the passage comes in front when the documents are read."""
        return asked_of(row, columns, (), names_of(row, columns, "documents"))
