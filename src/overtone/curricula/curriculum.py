"""A curriculum: the order in which rows are seen, as a pure function of seed and epoch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from overtone.core.part import Part
from overtone.core.task import Task
from overtone.data.settings import DataSettings


@dataclass(frozen=True)
class Source:
    """Further rows that a curriculum reads. With a name they are a task of their own, else more of the stage's own."""

    data: DataSettings
    task: Task
    name: str = ""


@dataclass(frozen=True)
class Seen:
    """What a curriculum may know of its rows: how many stand in each part, the stage's own first, and their losses.

    The losses are those of each row under the model before its first step; asking for them computes them.
    """

    parts: tuple[int, ...]
    losses: Callable[[], Sequence[float]]


class Curriculum(Part, package="overtone.curricula"):
    """What is seen when. Nothing is stored: order is a function of lengths, seed and epoch, so resume is exact."""

    once: ClassVar[bool] = True  # whether each row is seen once an epoch, and no row twice
    earlier: ClassVar[bool] = False  # whether it sees rows of its sources, or else of earlier stages, too

    @property
    def sources(self) -> Sequence[DataSettings]:
        """Files of further rows that it reads."""
        return ()

    def asked(self, own: Task) -> Sequence[Source]:
        """The same files with what is done with their rows: the stage's own task."""
        return [Source(data, own) for data in self.sources]

    def with_sources(self, sources: Sequence[DataSettings]) -> Self:
        """With these files instead."""
        return self

    def over(self, seen: Seen) -> Self:
        """Made ready for these rows."""
        return self

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """Indexes of the rows of each step of one epoch, at most `rows` in each; `lengths` are tokens per row."""
        raise NotImplementedError
