"""A curriculum: the order in which rows are seen, as a pure function of seed and epoch."""

from collections.abc import Sequence

from overtone.core.part import Part


class Curriculum(Part, package="overtone.curricula"):
    """What is seen when. Nothing is stored: order is a function of lengths, seed and epoch, so resume is exact."""

    def steps(self, lengths: Sequence[int], rows: int, seed: int, epoch: int) -> list[list[int]]:
        """Indexes of the rows of each step of one epoch, at most `rows` in each; `lengths` are tokens per row."""
        raise NotImplementedError
