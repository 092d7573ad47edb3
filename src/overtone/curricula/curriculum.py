"""A curriculum: the order in which rows are seen, as a pure function of seed and epoch."""

from collections.abc import Sequence

from overtone.core.part import Part


class Curriculum(Part, package="overtone.curricula"):
    """What is seen when. Nothing is stored: order is a function of lengths, seed and epoch, so resume is exact."""

    def batches(
        self, lengths: Sequence[int], rows: int, tokens: int, seed: int, epoch: int
    ) -> list[list[int]]:
        """Indexes of the rows of each batch of one epoch; `lengths` are tokens per row.

        A batch holds at most `rows` rows and at most `tokens` tokens with its padding, but always one row.
        """
        raise NotImplementedError
