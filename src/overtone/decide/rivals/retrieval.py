"""Retrieval-augmented: the base as it is, given the documents nearest to each question."""

from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.notes import NOTED, Library, NotedWriter
from overtone.decide.rival import Materials, Rival


class Retrieval(Rival):
    """The plan's documents nearest by BM25 stand in the prompt; nothing is trained.

    Documents too long for the context are cut from the end, and the prompts where that happened are counted.
    """

    name: ClassVar[str] = "retrieval"
    title: ClassVar[str] = "retrieval-augmented"
    needs: ClassVar[tuple[frozenset[str], ...]] = NOTED
    order: ClassVar[int] = 35

    documents: int = Field(2, ge=1, description="documents put into the prompt")

    def prepare(self, materials: Materials) -> System:
        """Index the documents; each answer names those that stood in its prompt."""
        return NotedWriter(materials.writer(), Library(materials.documents), self.documents)
