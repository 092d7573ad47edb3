"""BM25: rank texts by the words that they share with a query, rare words first.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond".
"""

from collections.abc import Sequence
from typing import Any

from overtone.core.errors import MissingExtra
from overtone.retrieve.hit import Hit
from overtone.retrieve.words import words


class Bm25Index:
    """Texts that can be searched by words. A text that shares no word with a query is never found."""

    def __init__(self, texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> None:
        try:
            import bm25s
        except ImportError:
            raise MissingExtra("search by words (BM25)", "retrieve") from None
        tokens = [words(text) for text in texts]
        self.facts: dict[str, float] = {}
        self._count = len(texts)
        self._known = {word for text in tokens for word in text}
        self._index: Any = bm25s.BM25(k1=k1, b=b)
        if self._known:
            self._index.index(tokens, show_progress=False)

    def search(self, queries: Sequence[str], count: int) -> list[list[Hit]]:
        """At most `count` hits a query; among equal scores the earlier text."""
        return [self._search(query, count) for query in queries]

    def scores(self, query: str) -> Any:
        """How well each text fits, 0 where it shares no word: an array (texts,)."""
        import numpy as np

        found = [word for word in words(query) if word in self._known]
        return self._index.get_scores(found) if found else np.zeros(self._count, dtype=np.float32)

    def _search(self, query: str, count: int) -> list[Hit]:
        import numpy as np

        scores = self.scores(query)
        order = np.argsort(-scores, kind="stable")[:count].tolist()
        return [Hit(place, float(scores[place])) for place in order if scores[place] > 0]
