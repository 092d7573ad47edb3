"""Extracted answer: the sentence of the documents that is nearest to the question; nothing is written."""

from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.answer_sentences import PASSAGES, WAYS, By, SentenceAnswerer, SentenceIndex, choose_way
from overtone.decide.rival import Materials, Rival
from overtone.decide.searching import Searching
from overtone.retrieve.encoder import load_encoder
from overtone.retrieve.index import Index
from overtone.retrieve.indexes.fused import Fused


class ExtractAnswer(Searching, Rival):
    """The best passages are searched, and the sentence of theirs that is nearest to the question is the answer.

    Nearest by shared words (BM25), by the encoder's meaning (cosine) or by the fusion of both ranks. Each answer cites
    the document that it stands in. An encoder answers so without writing a word.
    """

    name: ClassVar[str] = "extract_answer"
    title: ClassVar[str] = "extract: answer"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"generate", "encoder", "documents"}),)
    order: ClassVar[int] = 9

    index: Index = Field(Fused(), description="how passages are searched: bm25, dense or fused")
    chunk_words: int | None = Field(
        200, ge=8, description="longest passage, in words; null: documents stay whole"
    )
    passages: int | None = Field(
        None,
        ge=1,
        description="best passages whose sentences compete; absent: chosen on validation rows among 1, 3, 5",
    )
    by: By | None = Field(
        None, description="how sentences are compared with the question; absent: chosen on validation rows"
    )

    def prepare(self, materials: Materials) -> System:
        """Index passages and their sentences, and choose what is not set."""
        library = self.library(materials.documents, materials.base)
        index = SentenceIndex(library, load_encoder(None, materials.base))
        ways = (self.by,) if self.by else WAYS
        counts = (self.passages,) if self.passages else PASSAGES
        return SentenceAnswerer(index, *choose_way(index, ways, counts, materials, self.key))
