"""Documents to retrieve from: rows with an id, a title and a text, in any container that rows come in."""

from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.example import Document
from overtone.data.cell import is_blank
from overtone.data.identity import content_id
from overtone.data.sources.read import read_table
from overtone.data.sources.table import Row, Table

IDS = ("id", "doc_id", "document_id", "article_id", "key")
TITLES = ("title", "name", "heading", "subject")
TEXTS = ("text", "content", "body", "context", "passage", "article", "document", "answer")


def read_documents(path: Path) -> tuple[Document, ...]:
    """All documents of a file. An id that is missing is made from the content.

    UserError: whatever `read_table` refuses, no column for the text, an empty text, an id that stands twice.
    """
    table = read_table(path)
    text, title, identity = (_column(table, names) for names in (TEXTS, TITLES, IDS))
    if text is None:
        raise UserError(
            f"{table.file} has no column for the text of the documents. "
            f"Its columns: {', '.join(table.columns)}. Call the column 'text'."
        )
    documents = tuple(_document(row, text, title, identity) for row in table.rows)
    places: dict[str, str] = {}
    for row, document in zip(table.rows, documents, strict=True):
        other = places.setdefault(document.id, row.place)
        if other != row.place:
            raise UserError(f"{row.place}: the document id '{document.id}' already stands in {other}.")
    return documents


def _column(table: Table, names: tuple[str, ...]) -> str | None:
    columns = {column.casefold(): column for column in reversed(table.columns)}
    return next((columns[name] for name in names if name in columns), None)


def _document(row: Row, text: str, title: str | None, identity: str | None) -> Document:
    content = row.values.get(text)
    if not isinstance(content, str) or is_blank(content):
        raise UserError(f"{row.place}: a document without text; write one into '{text}' or remove the row.")
    heading = str(row.values.get(title) or "") if title else ""
    name = row.values.get(identity) if identity else None
    return Document(content_id(heading, content) if name in (None, "") else str(name), content, heading)
