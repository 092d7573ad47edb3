"""The tuned candidate: the plan's own stages, alone or with retrieved documents in the prompt."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self, cast

from pydantic import Field

from overtone.core.answer import System
from overtone.core.example import Document, Example
from overtone.decide.notes import NOTED, NotedWriter, found_with_gold, noted_turns
from overtone.decide.rival import Materials, Rival
from overtone.decide.room import Reader, cut_to_room
from overtone.decide.searching import Searching
from overtone.objectives.objective import Objective
from overtone.train.stage import Stage


class FineTune(Searching, Rival):
    """The base trained by the plan's stages, or by stages of its own.

    With `documents`, retrieved documents stand in the prompt in training as in answering; in training a row's
    own document, where it is known, is always among them.
    """

    name: ClassVar[str] = "fine_tune"
    title: ClassVar[str] = "tuned"
    needs: ClassVar[tuple[frozenset[str], ...]] = tuple(
        dict.fromkeys(
            frozenset({asks, kind})
            for objective in Objective.all().values()
            for asks in sorted(objective.tasks)
            for kind in sorted(objective.kinds)
        )
    )
    order: ClassVar[int] = 90
    tuned: ClassVar[bool] = True

    stages: list[Stage] | None = Field(None, min_length=1, description="the plan's own stages where absent")
    documents: int = Field(0, ge=0, description="retrieved documents put into the prompt (answers only)")

    @property
    def heading(self) -> str:
        """The title, saying where documents stand in the prompt."""
        own = self.label not in ("", "fine_tune_retrieval")
        return self.title + " + retrieval" * bool(self.documents) + f" ({self.label})" * own

    @classmethod
    def defaults(cls, offered: frozenset[str]) -> tuple[Self, ...]:
        """Tuned alone, and with retrieval where a task of answers has documents."""
        if any(need <= offered for need in NOTED):
            return (cls(), cls(label="fine_tune_retrieval", documents=2))
        return (cls(),)

    def requires(self) -> tuple[frozenset[str], ...]:
        """With documents in the prompt, a plan must offer them and ask for answers."""
        return tuple(need | self.index.needs() for need in NOTED) if self.documents else self.needs

    def prepare(self, materials: Materials) -> System:
        """Train into the run folder's own part for this rival."""
        if not self.documents:
            return over(self._tune(materials, materials.train, materials.validation), materials.documents)
        library, reader = self.library(materials.documents, materials.base), materials.writer()
        train, validation = (
            [
                noted_example(row, found, reader)
                for row, found in zip(rows, found_with_gold(library, rows, self.documents), strict=True)
            ]
            for rows in (materials.train, materials.validation)
        )
        tuned = self._tune(materials, train, validation)
        return NotedWriter(cast(Reader, tuned), library, self.documents)

    def _tune(self, materials: Materials, train: Sequence[Example], validation: Sequence[Example]) -> System:
        stages = self.stages or materials.stages
        return materials.tune(stages, train, validation, materials.folder / self.key, materials.watch)


def over(system: System, documents: Sequence[Document]) -> System:
    """A system that only embeds, over the documents that it is to find; any other as it is."""
    found: System = system.over(documents) if "embed" in system.can else system  # type: ignore[attr-defined]
    return found


def noted_example(example: Example, found: Sequence[Document], reader: Reader) -> Example:
    """A training row with documents in its prompt, as much of them as leaves room for its answer."""
    turns = example.question.messages

    def size(documents: Sequence[Document]) -> int:
        return len(reader.encode((*noted_turns(turns, documents), example.messages[-1])))

    kept, _ = cut_to_room(found, size, reader.context)
    return replace(example, messages=(*noted_turns(turns, kept), example.messages[-1]))
