"""Extractive summary: the sentences most like the others."""

from typing import ClassVar, Self

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.extract_ranks import graph
from overtone.decide.extract_system import Unit, extractor
from overtone.decide.rival import Materials, Rival


class ExtractGraph(Rival):
    """The sentences or lines that a walk over their likeness visits most, as in LexRank (Erkan and Radev 2004).

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    name: ClassVar[str] = "extract_graph"
    title: ClassVar[str] = "extract: graph"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"generate"}),)
    order: ClassVar[int] = 8

    unit: Unit | None = Field(None, description="what is taken whole; absent: chosen on validation rows")
    pieces: int | None = Field(
        None, ge=1, description="how many are taken; absent: as fit a length chosen on validation rows"
    )

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Where the rows look like summaries."""
        return (cls(),) if "summaries" in offered else ()

    def prepare(self, materials: Materials) -> System:
        """Learn how rare words are and how long answers are wanted."""
        return extractor(materials, self.key, graph, self.unit, self.pieces)
