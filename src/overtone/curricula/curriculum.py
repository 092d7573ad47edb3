"""A curriculum: the order in which rows are seen, as a pure function of seed and epoch."""

from collections.abc import Sequence
from dataclasses import dataclass

from overtone.core.part import Part


@dataclass(frozen=True, slots=True)
class Budget:
    """What one forward pass holds at most: `rows`, and `tokens` over all of them.

    `padded` counts every row as long as the longest, as it then is in memory. One row is always let pass.
    """

    rows: int
    tokens: int
    padded: bool = False

    def allows(self, lengths: Sequence[int]) -> bool:
        """Whether rows of these lengths fit together."""
        tokens = max(lengths) * len(lengths) if self.padded else sum(lengths)
        return len(lengths) == 1 or (len(lengths) <= self.rows and tokens <= self.tokens)


class Curriculum(Part, package="overtone.curricula"):
    """What is seen when. Nothing is stored: order is a function of lengths, seed and epoch, so resume is exact."""

    def batches(self, lengths: Sequence[int], budget: Budget, seed: int, epoch: int) -> list[list[int]]:
        """Indexes of the rows of each batch of one epoch, within the budget; `lengths` are tokens per row."""
        raise NotImplementedError
