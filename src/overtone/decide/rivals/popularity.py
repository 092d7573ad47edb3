"""The trivial baseline of a search or a recommendation: to everyone the passages that were wanted most often."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, cast

from overtone.core.answer import Answer, System
from overtone.core.example import Document, Question
from overtone.core.tasks.embed import EmbedTask
from overtone.decide.rival import Materials, Rival


class Popularity(Rival):
    """The same passages for every query: those that most training rows want, the most wanted first."""

    name: ClassVar[str] = "popularity"
    also_called: ClassVar[tuple[str, ...]] = ("most_popular",)
    title: ClassVar[str] = "most wanted"
    needs: ClassVar[tuple[frozenset[str], ...]] = (frozenset({"embed"}),)
    order: ClassVar[int] = 0

    def prepare(self, materials: Materials) -> System:
        """Count how often each passage is wanted; among equals the order is that of the passages."""
        rows = [*materials.train, *materials.validation]
        wanted = Counter(document for row in rows for document in set(row.documents))
        ordered = sorted(materials.documents, key=lambda one: -wanted[one.id])
        return SamePassages(ordered[: cast(EmbedTask, materials.task).found])


class SamePassages:
    """A system that gives every query the same passages in the same order."""

    can = frozenset({"embed"})

    def __init__(self, documents: Sequence[Document]) -> None:
        self.text = documents[0].text if documents else ""
        self.ids = tuple(one.id for one in documents)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """The passages, for which nothing is worked out."""
        return [Answer(text=self.text, documents=self.ids) for _ in questions]
