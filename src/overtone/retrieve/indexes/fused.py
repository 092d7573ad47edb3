"""By words and meaning: both searches, joined by the ranks that they give."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.retrieve.fused import CONSTANT, FusedIndex
from overtone.retrieve.index import Index, LoadBase
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.indexes.dense import Dense


class Fused(Index):
    """By words and meaning: both searches, joined by the ranks that they give (reciprocal rank fusion)."""

    name: ClassVar[str] = "fused"
    also_called: ClassVar[tuple[str, ...]] = ("hybrid", "rrf")

    words: Bm25 = Field(Bm25(), description="settings of the search by words")
    meaning: Dense = Field(Dense(), description="settings of the search by meaning")
    constant: float = Field(CONSTANT, gt=0, description="the larger, the less the first ranks stand out")

    def build(self, texts: Sequence[str], base: LoadBase) -> FusedIndex:
        """Build both over the same texts."""
        return FusedIndex([self.words.build(texts, base), self.meaning.build(texts, base)], self.constant)

    def needs(self) -> frozenset[str]:
        """All that its searches need."""
        return self.words.needs() | self.meaning.needs()
