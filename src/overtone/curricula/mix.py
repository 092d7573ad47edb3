"""Several data sets, mixed in chosen parts.

By size and temperature T a set of n rows is drawn in proportion to n^(1/T) (Raffel et al. 2020, "Exploring the Limits
of Transfer Learning with a Unified Text-to-Text Transformer", arXiv 1910.10683, section 3.5.2, without its limit).
"""

import random
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, PrivateAttr

from overtone.curricula.curriculum import Seen
from overtone.curricula.single import Single
from overtone.data.settings import DataSettings


class Mix(Single):
    """Rows of the stage and of earlier stages in chosen parts; an epoch has as many rows as all of them together."""

    name: ClassVar[str] = "mix"
    once: ClassVar[bool] = False
    earlier: ClassVar[bool] = True

    weights: list[float] | None = Field(
        None,
        description="of the stage's own rows, then of each further set's or earlier stage's; by size and temperature "
        "if absent",
    )
    temperature: float = Field(
        1.0,
        ge=1,
        description="1 mixes by size; the higher, the more alike are the parts of small and large sets",
    )
    data: list[DataSettings] = Field(
        [],
        description="further sets, of the stage's own task and labels; the rows of all earlier stages if absent",
    )
    _parts: tuple[int, ...] = PrivateAttr(())

    @property
    def sources(self) -> Sequence[DataSettings]:
        """The further sets."""
        return self.data

    def with_sources(self, sources: Sequence[DataSettings]) -> Self:
        """With these sets instead."""
        return self.model_copy(update={"data": list(sources)})

    def over(self, seen: Seen) -> Self:
        """Know how many rows stand in each part."""
        if self.weights is not None and len(self.weights) != len(seen.parts):
            raise ValueError(f"{len(self.weights)} weights are given for {len(seen.parts)} sets of rows")
        ready = self.model_copy()
        ready._parts = seen.parts
        return ready

    def counts(self, parts: Sequence[int]) -> list[int]:
        """How many rows of each part an epoch holds."""
        odds = (
            self.weights
            if self.weights and self._parts
            else [size ** (1 / self.temperature) for size in parts]
        )
        return [max(1, round(sum(parts) * one / sum(odds))) if one else 0 for one in odds]

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """From each part whole passes, then a drawn rest."""
        shuffle = random.Random(f"{seed}/{epoch}")
        parts = self._parts or (len(lengths),)
        drawn: list[int] = []
        first = 0
        for size, count in zip(parts, self.counts(parts), strict=True):
            own = list(range(first, first + size))
            drawn += own * (count // size) + shuffle.sample(own, count % size)
            first += size
        return self._arranged(drawn, lengths, rows, shuffle)
