"""Put rows that are computed well together into batches under a budget of tokens."""

from collections.abc import Sequence
from itertools import pairwise, takewhile


def in_batches(rows: Sequence[Sequence[int]], batch_tokens: int, share: bool) -> list[list[int]]:
    """Indexes of the rows of each batch: rows that begin alike together where they `share`, else by length."""
    return by_beginning(rows, batch_tokens) if share else by_length([len(row) for row in rows], batch_tokens)


def by_length(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indexes of the rows of each batch, longest first; a batch of several rows holds at most `batch_tokens`."""
    order = sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))
    return _filled(order, lengths, batch_tokens)


def by_beginning(rows: Sequence[Sequence[int]], batch_tokens: int) -> list[list[int]]:
    """Indexes of the rows of each batch in the order of their tokens; what a row shares with the last is free."""
    order = sorted(range(len(rows)), key=lambda row: (tuple(rows[row]), row))
    new = [len(row) for row in rows]
    for last, row in pairwise(order):
        new[row] -= _common(rows[last], rows[row])
    return _filled(order, new, batch_tokens, [len(row) for row in rows])


def _filled(
    order: Sequence[int], costs: Sequence[int], batch_tokens: int, first: Sequence[int] | None = None
) -> list[list[int]]:
    """Rows in order, batch after batch; the first row of a batch costs what `first` says."""
    batches: list[list[int]] = []
    held = 0
    for row in order:
        held += costs[row]
        if batches and held <= batch_tokens:
            batches[-1].append(row)
        else:
            batches.append([row])
            held = (first or costs)[row]
    return batches


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)
