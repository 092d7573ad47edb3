"""By words: texts that share rare words with the query come first."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.retrieve.bm25 import Bm25Index
from overtone.retrieve.index import Index, LoadBase


class Bm25(Index):
    """By words: texts that share rare words with the query come first. Nothing is loaded, any language works."""

    name: ClassVar[str] = "bm25"
    also_called: ClassVar[tuple[str, ...]] = ("keyword", "keywords", "lexical")

    k1: float = Field(1.2, ge=0, description="how much a word that stands in a text again counts further")
    b: float = Field(0.75, ge=0, le=1, description="how much long texts are held back, 0 not at all")

    def build(self, texts: Sequence[str], base: LoadBase) -> Bm25Index:
        """Count words."""
        return Bm25Index(texts, self.k1, self.b)
