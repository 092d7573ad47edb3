"""A library: documents that can be searched, whole or in chunks."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.example import Document
from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.chunks import chunks
from overtone.retrieve.hit import Hit
from overtone.retrieve.index import Index, LoadBase


class Library:
    """Documents behind an index over their titles and texts.

    With `chunk_words`, what is indexed and found are chunks: documents with the id and title of their whole.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        index: Index,
        base: LoadBase,
        chunk_words: int | None = None,
        overlap_words: int = 0,
    ) -> None:
        self.passages = [
            replace(document, text=piece)
            for document in documents
            for piece in (
                chunks(document.text, chunk_words, overlap_words) if chunk_words else [document.text]
            )
        ]
        self._searcher = index.build([f"{one.title}\n{one.text}".strip() for one in self.passages], base)
        self.facts = {"passages": float(len(self.passages)), **self._searcher.facts}

    def find(self, queries: Sequence[str], count: int) -> list[list[Document]]:
        """For each query the best passage of each of the `count` best documents, best first."""
        return [[self.passages[hit.place] for hit in hits] for hits in self.search(queries, count)]

    def search(self, queries: Sequence[str], count: int) -> list[list[Hit]]:
        """The same as hits, which tell places among `passages` and scores."""
        whole = len(self.passages) == len({passage.id for passage in self.passages})
        depth = count if whole else len(self.passages)
        return [self._best(hits)[:count] for hits in self._searcher.search(queries, depth)]

    def passage_of(self, document: str, text: str) -> Document | None:
        """The passage of a document that shares the most with a text, such as its answer; None where there is none."""
        own = [passage for passage in self.passages if passage.id == document]
        if len(own) < 2:
            return own[0] if own else None
        hits = Bm25Index([passage.text for passage in own]).search([text], 1)[0]
        return own[hits[0].place if hits else 0]

    def _best(self, hits: Sequence[Hit]) -> list[Hit]:
        """The first hit of each document."""
        first: dict[str, Hit] = {}
        for hit in hits:
            first.setdefault(self.passages[hit.place].id, hit)
        return list(first.values())
