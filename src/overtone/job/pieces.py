"""What a task of embeddings searches: the passages of its rows, or the pieces of its documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from overtone.core.example import Document, Example, Message
from overtone.core.task import Task
from overtone.core.tasks.embed import EmbedTask
from overtone.data.load import Data
from overtone.data.passages import named_document
from overtone.retrieve.chunks import chunks

SPLITS = ("train", "validation", "test")


def with_pieces(data: Data, task: Task) -> Data:
    """The data with a passage for each query and all passages as documents; as it is for any other task.

    Of a document that is cut, a query's passage is the piece that holds the answer.
    """
    if not isinstance(task, EmbedTask):
        return data
    known = {document.id: document for document in data.documents}
    pieces = {name: pieces_of(document, task.chunk_words) for name, document in known.items()}
    train, validation, test = (
        tuple(passage_of(row, known, pieces) for row in getattr(data, split)) for split in SPLITS
    )
    own = {
        row.documents[0]: Document(row.documents[0], row.completion) for row in (*train, *validation, *test)
    }
    cut = {piece.id: piece for one in pieces.values() for piece in one}
    documents = tuple((own | cut).values())
    return replace(data, train=train, validation=validation, test=test, documents=documents)


def pieces_of(document: Document, size: int | None) -> list[Document]:
    """A document in pieces of at most `size` words, each with an id of its own."""
    texts = chunks(document.text, size) if size else [document.text]
    if len(texts) == 1:
        return [document]
    return [replace(document, id=f"{document.id}#{place}", text=text) for place, text in enumerate(texts)]


def passage_of(
    row: Example, known: Mapping[str, Document], pieces: Mapping[str, Sequence[Document]]
) -> Example:
    """A row with its passage behind its query; one that brings its own keeps it."""
    if row.completion:
        return row
    whole = named_document(row, known)
    piece = found_piece(whole, pieces[whole.id], row)
    turns = (*row.messages, Message("assistant", piece.text))
    return replace(row, messages=turns, documents=(piece.id,), references=(), labels=())


def found_piece(whole: Document, pieces: Sequence[Document], row: Example) -> Document:
    """The piece in which the first answer begins, where the row says at which character; else the first with it.

    Where the answer stands in no piece, the one that shares most words with it.
    """
    starts = [label for label in row.labels if label.isdigit()]
    if starts:
        return [piece for piece, at in zip(pieces, _begins(whole, pieces)) if at <= int(starts[0])][-1]
    answer = row.references[0].strip() if row.references else ""
    words = set(answer.casefold().split())
    return max(
        pieces, key=lambda piece: (answer in piece.text, len(words & set(piece.text.casefold().split())))
    )


def _begins(whole: Document, pieces: Sequence[Document]) -> Iterator[int]:
    """The character of the whole at which each piece begins; the first begins with it."""
    at = 0
    for place, piece in enumerate(pieces):
        at = whole.text.index(piece.text, at) if place else 0
        yield at
