"""A query and the id of the document that answers it."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import names_of, text_of
from overtone.data.format import Columns, Format
from overtone.data.formats.passages import spans_of
from overtone.data.formats.query_passage import QUERY
from overtone.data.identity import content_id
from overtone.data.sources.table import Row
from overtone.data.usual import DOCUMENTS


class QueryDocument(Format):
    """A query and the id of the document that answers it; the answers say which passage of it is meant.

    The answers are kept as references, and the characters at which they begin as labels.
    """

    name: ClassVar[str] = "query_document"
    title: ClassVar[str] = "queries with documents"
    asks: ClassVar[frozenset[str]] = frozenset({"embed"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "query": QUERY,
        "documents": (*DOCUMENTS, "positive_id"),
        "answers": ("answers", "answer"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"query"})
    answered: ClassVar[frozenset[str]] = frozenset({"documents"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The query as a turn."""
        query, documents = text_of(row, columns, "query"), names_of(row, columns, "documents")
        answers = spans_of(row, columns)
        return Example(
            content_id(query, *documents),
            messages=(Message("user", query),),
            documents=documents,
            references=tuple(text for text, _ in answers),
            labels=tuple(start for _, start in answers),
            source=row.place,
        )
