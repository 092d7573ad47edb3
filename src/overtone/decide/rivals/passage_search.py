"""Passages found without tuning: by shared words, or by the vectors of the base as it is."""

import time
from collections.abc import Sequence
from typing import ClassVar, Self, cast

from pydantic import Field

from overtone.core.answer import Answer, System
from overtone.core.example import Document, Question
from overtone.core.tasks.embed import EmbedTask
from overtone.decide.rival import Materials, Rival
from overtone.retrieve.hit import Searcher
from overtone.retrieve.index import Index
from overtone.retrieve.indexes.bm25 import Bm25
from overtone.retrieve.indexes.dense import Dense


class PassageSearch(Rival):
    """The passages that an index puts first. Unasked, by words (BM25) and by the frozen base's vectors."""

    name: ClassVar[str] = "passage_search"
    title: ClassVar[str] = "search"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"embed"}),)
    order: ClassVar[int] = 5

    index: Index = Field(Bm25(), description="how passages are searched: bm25, dense or fused")

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """By words, and by the base's own vectors."""
        return (cls(label="bm25"), cls(label="frozen_embedding", index=Dense()))

    def requires(self) -> tuple[frozenset[str], ...]:
        """What the index needs too."""
        return tuple(need | self.index.needs() for need in self.needs)

    def prepare(self, materials: Materials) -> System:
        """Index the passages."""
        documents = materials.documents
        texts = [f"{one.title}\n{one.text}".strip() for one in documents]
        searcher = self.index.build(texts, materials.base)
        return PassageFinder(documents, searcher, cast(EmbedTask, materials.task).found)


class PassageFinder:
    """A system that answers a query with the text of the best passage, and names the best in order."""

    can = frozenset({"embed"})

    def __init__(self, documents: Sequence[Document], searcher: Searcher, found: int) -> None:
        self.documents, self.searcher, self.found = documents, searcher, found
        self.facts = {"passages": float(len(documents)), **searcher.facts}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The passages of each query; the time of a batch is shared evenly."""
        start = time.perf_counter()
        queries = [question.messages[-1].content for question in questions]
        hits = self.searcher.search(queries, self.found)
        seconds = (time.perf_counter() - start) / max(1, len(queries))
        found = [[self.documents[hit.place] for hit in row] for row in hits]
        return [
            Answer(text=row[0].text if row else "", documents=tuple(one.id for one in row), seconds=seconds)
            for row in found
        ]
