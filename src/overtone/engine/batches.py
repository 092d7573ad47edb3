"""Put rows of like length together under a budget of tokens, so that little of a batch is padding."""

from collections.abc import Sequence


def by_length(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indexes of the rows of each batch, longest first; a batch holds at most `batch_tokens` with its padding."""
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        longest = lengths[batches[-1][0]] if batches else 0
        if batches and longest * (len(batches[-1]) + 1) <= batch_tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
