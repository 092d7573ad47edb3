"""Retrieval-augmented: the base as it is, given the documents nearest to each question."""

from typing import ClassVar

from pydantic import Field

from overtone.core.answer import System
from overtone.decide.choosing import choose_count
from overtone.decide.notes import NOTED, NotedWriter
from overtone.decide.rival import Materials, Rival
from overtone.decide.searching import Searching

COUNTS = (1, 2, 4)  # documents in a prompt, tried where the plan names no number


class Retrieval(Searching, Rival):
    """The plan's documents nearest to the question stand in the prompt; nothing is trained.

    Documents too long for the context are cut from the end, and the prompts where that happened are counted.
    """

    name: ClassVar[str] = "retrieval"
    also_called: ClassVar[tuple[str, ...]] = ("rag",)
    title: ClassVar[str] = "retrieval-augmented"
    needs: ClassVar[tuple[frozenset[str], ...]] = NOTED
    order: ClassVar[int] = 35

    documents: int | None = Field(
        None,
        ge=1,
        description="documents put into the prompt; absent: chosen on validation rows among 1, 2, 4",
    )
    cite: bool = Field(
        False, description="ask for the number of the document in brackets, and check what is cited"
    )

    def requires(self) -> tuple[frozenset[str], ...]:
        """An encoder where documents are compared by meaning."""
        return tuple(need | self.index.needs() for need in NOTED)

    def prepare(self, materials: Materials) -> System:
        """Index the documents; each answer names those that stood in its prompt."""
        library, writer = self.library(materials.documents, materials.base), materials.writer()

        def noted(count: int) -> NotedWriter:
            return NotedWriter(writer, library, count, self.cite)

        return noted(self.documents or choose_count(COUNTS, noted, materials, self.key))
