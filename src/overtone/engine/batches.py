"""Put rows that are computed well together into batches under a budget of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile


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


def forward_passes(step: Sequence[int], lengths: Sequence[int], budget: Budget) -> list[list[int]]:
    """The rows of a step, by index and shortest first, in as few forward passes as the budget allows."""
    passes: list[list[int]] = [[]]
    for row in sorted(step, key=lambda row: (lengths[row], row)):
        if not budget.allows([lengths[index] for index in (*passes[-1], row)]):
            passes.append([])
        passes[-1].append(row)
    return passes


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
