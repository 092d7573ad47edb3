"""A query and the passage that answers it; a passage that does not may go with it."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import names_of, optional_text, text_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row

QUERY = ("query", "question", "anchor", "sentence1", "text")


class QueryPassage(Format):
    """A query and the passage that answers it; `negative` is a passage that looks right and is not."""

    name: ClassVar[str] = "query_passage"
    title: ClassVar[str] = "queries with passages"
    asks: ClassVar[frozenset[str]] = frozenset({"embed"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "query": QUERY,
        "positive": ("positive", "passage", "context", "sentence2"),
        "negative": ("negative", "negatives", "hard_negative"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"query"})
    answered: ClassVar[frozenset[str]] = frozenset({"positive"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """Query and passage as turns; of several negatives the first is kept."""
        query, positive = text_of(row, columns, "query"), optional_text(row, columns, "positive")
        negatives = names_of(row, columns, "negative")
        turns = (Message("user", query), *((Message("assistant", positive),) if positive else ()))
        return Example(
            content_id(query, positive),
            messages=turns,
            documents=(content_id(positive),) if positive else (),
            rejected=negatives[0] if negatives and positive else "",
            source=row.place,
        )
