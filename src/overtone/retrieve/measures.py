"""How well a ranking finds what is wanted, for one query; the mean over queries is the usual measure.

All take the ranks, counted from 1, at which wanted texts were found.
"""

from collections.abc import Collection, Sequence
from math import log2

from overtone.retrieve.hit import Hit


def ranks(hits: Sequence[Hit], wanted: Collection[int]) -> list[int]:
    """The rank of each wanted text among the hits, best first; one with an equal score counts as ranked before it."""
    last = {hit.score: rank for rank, hit in enumerate(hits, start=1)}  # of the hits with this score
    return [last[hit.score] for hit in hits if hit.place in wanted]


def recall_at(found: Sequence[int], wanted: int, count: int) -> float:
    """Share of the `wanted` texts (how many there are) within the first `count`."""
    return sum(rank <= count for rank in found) / wanted


def reciprocal_rank(found: Sequence[int]) -> float:
    """One over the rank of the first wanted text, 0 where none was found; its mean is called MRR."""
    return 1 / min(found) if found else 0.0


def ndcg_at(found: Sequence[int], wanted: int, count: int) -> float:
    """Discounted gain of the first `count`, as a share of the best order's (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / log2(rank + 1) for rank in found if rank <= count)
    return gain / sum(1 / log2(rank + 1) for rank in range(1, min(wanted, count) + 1))
