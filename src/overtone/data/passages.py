"""Put the document that a row names in front of its question, as the passage that holds the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from overtone.core.errors import UserError
from overtone.core.example import Document, Example, Message
from overtone.core.task import Task
from overtone.data.examples import Examples


def with_passages(found: Examples, documents: Sequence[Document], task: Task) -> Examples:
    """What was read of a file; where the task asks for spans of passages, each row has its own in front.

    A row that brings its passage keeps it. UserError where a row names a document that is not there.
    """
    if task.asks != "extract":
        return found
    known = {document.id: document for document in documents}
    return replace(found, kept=tuple(_in_front(row, known) for row in found.kept))


def _in_front(row: Example, known: Mapping[str, Document]) -> Example:
    if row.messages[0].role == "system":
        return row
    return replace(row, messages=(Message("system", named_document(row, known).text), *row.messages))


def named_document(row: Example, known: Mapping[str, Document]) -> Document:
    """The first document that a row names; UserError where it is not there."""
    if row.documents[0] not in known:
        raise UserError(
            f"{row.source}: its passage should be the document '{row.documents[0]}', which is not among the documents: "
            "name the file that holds it in data.documents, or give each row a passage of its own."
        )
    return known[row.documents[0]]
