"""Recall: how many of the documents that hold the answer were found."""

from collections.abc import Sequence

from overtone.retrieve.measures import recall_at


def recall(gold: Sequence[Sequence[str]], found: Sequence[Sequence[str]], count: int) -> tuple[float, int]:
    """Mean share of each row's gold documents among its first `count` found, and the rows that it rests on.

    Rows without a known gold document do not count; (0.0, 0) where no row has one.
    """
    shares = [
        recall_at([rank for rank, one in enumerate(got, start=1) if one in wanted], len(set(wanted)), count)
        for wanted, got in zip(gold, found, strict=True)
        if wanted
    ]
    return (sum(shares) / len(shares) if shares else 0.0), len(shares)
