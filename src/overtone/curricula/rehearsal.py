"""Rehearsal: a share of what is seen are rows of earlier stages, so that their tasks are not forgotten.

Robins 1995, "Catastrophic Forgetting, Rehearsal and Pseudorehearsal", Connection Science 7(2); for tuned language
models Scialom et al. 2022, arXiv 2205.12393, section 3 (one per cent of earlier rows already keeps most).
"""

import random
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, PrivateAttr

from overtone.curricula.curriculum import Seen
from overtone.curricula.single import Single
from overtone.data.settings import DataSettings


class Rehearsal(Single):
    """Each row of the stage once an epoch, and among them a share of rows of earlier stages, or of a file."""

    name: ClassVar[str] = "rehearsal"
    also_called: ClassVar[tuple[str, ...]] = ("experience_replay", "replay")
    once: ClassVar[bool] = False
    earlier: ClassVar[bool] = True

    share: float = Field(0.1, gt=0, lt=1, description="of all rows that are seen, those that are rehearsed")
    data: DataSettings | None = Field(
        None,
        description="rows to rehearse, of the stage's own task and labels; those of all earlier stages if absent",
    )
    _own: int | None = PrivateAttr(None)

    @property
    def sources(self) -> Sequence[DataSettings]:
        """The file to rehearse, where one is named."""
        return [self.data] if self.data else []

    def with_sources(self, sources: Sequence[DataSettings]) -> Self:
        """With this file instead."""
        return self.model_copy(update={"data": next(iter(sources), None)})

    def over(self, seen: Seen) -> Self:
        """Know how many rows are the stage's own."""
        ready = self.model_copy()
        ready._own = seen.parts[0]
        return ready

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """All own rows with as many of the others as the share asks for, others anew each epoch."""
        shuffle = random.Random(f"{seed}/{epoch}")
        own = len(lengths) if self._own is None else self._own
        others = list(range(own, len(lengths)))
        wanted = round(own * self.share / (1 - self.share)) if others else 0
        drawn: list[int] = []
        while len(drawn) < wanted:  # where there are too few, they come again
            shuffle.shuffle(others)
            drawn += others[: wanted - len(drawn)]
        return self._arranged([*range(own), *drawn], lengths, rows, shuffle)
