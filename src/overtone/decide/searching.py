"""How documents are searched, as settings that every rival with documents in its prompt shares."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from overtone.core.example import Document
from overtone.core.settings import Settings
from overtone.retrieve.index import Index, LoadBase
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.library import Library


class Searching(Settings):
    """The index, and whether documents are cut into chunks of which the best one of a document is shown."""

    index: Index = Field(Bm25(), description="how documents are searched: bm25, dense or fused")
    chunk_words: int | None = Field(
        None, ge=8, description="longest chunk of a document, in words; absent: documents stay whole"
    )
    overlap_words: int = Field(0, ge=0, description="words that a chunk repeats of the one before it")

    @model_validator(mode="after")
    def _overlap_fits(self) -> Self:
        if self.overlap_words and self.overlap_words * 2 >= (self.chunk_words or 0):
            raise ValueError(
                f"overlap_words is {self.overlap_words}, which must be less than half of chunk_words "
                f"({self.chunk_words or 'not set'}): lower it, or set larger chunk_words"
            )
        return self

    def library(self, documents: Sequence[Document], base: LoadBase) -> Library:
        """The documents, made searchable."""
        return Library(documents, self.index, base, self.chunk_words, self.overlap_words)

    def searching(self) -> dict[str, object]:
        """These settings alone, to be kept beside a model that was tuned with them; `Searching(**...)` reads them."""
        return {
            name: value
            for name, value in self.model_dump(mode="json").items()
            if name in Searching.model_fields
        }
