"""One data set, shuffled each epoch, with rows of like length put together."""

import random
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.curricula.curriculum import Curriculum


class Single(Curriculum):
    """One data set, shuffled each epoch; rows of like length share a step: padded ones then hold little padding."""

    name: ClassVar[str] = "single"

    pool: int = Field(
        50, ge=1, description="steps' worth of shuffled rows that are sorted by length together"
    )

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """Shuffle, sort within pools of `pool` steps, cut, and shuffle the steps of each pool."""
        shuffle = random.Random(f"{seed}/{epoch}")
        return self._arranged(list(range(len(lengths))), lengths, rows, shuffle)

    def _arranged(
        self, order: list[int], lengths: Sequence[int], rows: int, shuffle: random.Random
    ) -> list[list[int]]:
        """Steps over these rows, some of which may come again."""
        shuffle.shuffle(order)
        result: list[list[int]] = []
        for start in range(0, len(order), rows * self.pool):
            near = sorted(order[start : start + rows * self.pool], key=lengths.__getitem__)
            steps = [near[first : first + rows] for first in range(0, len(near), rows)]
            shuffle.shuffle(steps)
            result += steps
        return result
