"""What extractive summaries share: their settings, and pieces of the text chosen by a ranking."""

from typing import ClassVar, Self

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.extract_ranks import Rank
from overtone.decide.extract_system import Unit, extractor
from overtone.decide.rival import Materials, Rival


class ExtractiveSummary(Rival):
    """Pieces of the last user turn in its own order, the best by `rank` first taken.

    Unit and length are chosen on validation rows. Measured unasked where the training rows look like summaries.
    """

    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"generate"}),)
    rank: ClassVar[Rank]

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
        return extractor(materials, self.key, type(self).rank, self.unit, self.pieces)
