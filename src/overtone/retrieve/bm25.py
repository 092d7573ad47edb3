"""BM25: rank texts by the words that they share with a query, rare words first.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; k1 = 1.2, b = 0.75.
"""

from collections.abc import Sequence
from typing import Any, Self

from overtone.core.errors import MissingExtra
from overtone.core.example import Document
from overtone.retrieve.words import words


class Bm25Index:
    """Texts that can be searched by words."""

    def __init__(self, texts: Sequence[str]) -> None:
        try:
            import bm25s
        except ImportError:
            raise MissingExtra("search by words (BM25)", "retrieve") from None
        self.size = len(texts)
        tokens = [words(text) for text in texts]
        self._known = {word for text in tokens for word in text}
        self._index: Any = bm25s.BM25(k1=1.2, b=0.75)
        if self._known:
            self._index.index(tokens, show_progress=False)

    @classmethod
    def of_documents(cls, documents: Sequence[Document]) -> Self:
        """An index over titles and texts; the positions found are those of `documents`."""
        return cls([f"{document.title}\n{document.text}" for document in documents])

    def search(self, query: str, count: int) -> list[int]:
        """Positions of the `count` best texts, best first; ties in the order of the texts."""
        import numpy as np

        found = [word for word in words(query) if word in self._known]
        if not found:
            return list(range(min(count, self.size)))
        scores = self._index.get_scores(found)
        order: list[int] = np.argsort(-scores, kind="stable")[:count].tolist()
        return order
