"""Dense search: a query and the texts as vectors, compared by cosine."""

from collections.abc import Sequence
from typing import Any, Protocol

from overtone.retrieve.hit import Hit
from overtone.retrieve.vectors import VectorIndex


class Encoder(Protocol):
    """What turns texts into vectors, and says how many texts it could not read to their end."""

    def embed(self, texts: Sequence[str]) -> Any:
        """Float32 vectors of unit length: (texts, size)."""
        ...

    def cut(self, texts: Sequence[str]) -> int:
        """How many of the texts are longer than what it reads."""
        ...


class DenseIndex:
    """Texts that can be searched by meaning; `facts` tells how many of them the encoder read only in part."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self.encoder = encoder
        self.facts: dict[str, float] = {"texts_cut_by_encoder": float(encoder.cut(texts))}
        self._index = VectorIndex(encoder.embed(texts)) if texts else None

    def search(self, queries: Sequence[str], count: int) -> list[list[Hit]]:
        """The `count` nearest a query; all queries are embedded together."""
        if self._index is None or not queries:
            return [[] for _ in queries]
        places, scores = self._index.search(self.encoder.embed(queries), count)
        pairs = zip(places.tolist(), scores.tolist(), strict=True)
        return [[Hit(*hit) for hit in zip(*row, strict=True)] for row in pairs]
