"""One data set, shuffled each epoch, with rows of like length put together."""

import random
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from overtone.curricula.curriculum import Budget, Curriculum


class Single(Curriculum):
    """One data set, shuffled each epoch; rows of like length share a batch: padded ones then hold little padding."""

    name: ClassVar[str] = "single"

    pool: int = Field(
        50, ge=1, description="batches' worth of shuffled rows that are sorted by length together"
    )

    def batches(self, lengths: Sequence[int], budget: Budget, seed: int, epoch: int) -> list[list[int]]:
        """Shuffle, sort within pools of `pool` batches, cut, and shuffle the batches of each pool."""
        shuffle = random.Random(f"{seed}/{epoch}")
        order = list(range(len(lengths)))
        shuffle.shuffle(order)
        result: list[list[int]] = []
        for start in range(0, len(order), budget.rows * self.pool):
            near = sorted(order[start : start + budget.rows * self.pool], key=lengths.__getitem__)
            batches = _cut(near, lengths, budget)
            shuffle.shuffle(batches)
            result += batches
        return result


def _cut(near: Sequence[int], lengths: Sequence[int], budget: Budget) -> list[list[int]]:
    """Cut rows, shortest first, into batches within the budget."""
    batches: list[list[int]] = [[]]
    for index in near:
        if not budget.allows([lengths[row] for row in (*batches[-1], index)]):
            batches.append([])
        batches[-1].append(index)
    return batches
