"""Extractive summary: the sentences nearest to the middle of all."""

from typing import ClassVar, Self

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.extract_ranks import centroid
from overtone.decide.extract_system import Unit, extractor
from overtone.decide.rival import Materials, Rival


class ExtractCentroid(Rival):
    """The sentences or lines nearest to the mean of all by TF-IDF (Radev et al. 2004).

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    name: ClassVar[str] = "extract_centroid"
    title: ClassVar[str] = "extract: centroid"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"generate"}),)
    order: ClassVar[int] = 7

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
        return extractor(materials, self.key, centroid, self.unit, self.pieces)
