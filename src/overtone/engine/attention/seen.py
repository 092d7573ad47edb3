"""Which tokens of a stream see which, as one formula over places: for kernels that ask it of any two tokens.

Segments stand in depth-first order, so all that descends from a segment stands right behind it. A key is therefore
seen by one range of queries: in a causal stream from itself to the end of its segment's last descendant, in an
encoder's stream those of its own segment. A window cuts that range by places in the row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from overtone.engine.stream import Segment


@dataclass(frozen=True, eq=False)
class Seen:
    """Key k is seen by the queries from `first[k]` to `end[k]`, exclusive; `places` count in each row: (time,)."""

    first: Tensor
    end: Tensor
    places: Tensor
    window: int | None = None

    def sees(self, query: Tensor, key: Tensor) -> Tensor:
        """Whether queries see keys, both numbers of tokens in the stream, of shapes that broadcast."""
        inside = in_range(self.first, self.end, query, key)
        return inside if self.window is None else inside & is_near(self.places, self.window, query, key)

    def blocks(self, size: int) -> tuple[Tensor, Tensor]:
        """For blocks of `size` queries and keys: whether any may see any, and whether all see all.

        Both (blocks of queries, blocks of keys). A window may leave some of the first kind without a pair.
        """
        first, end, places = (
            part.view(-1, size).aminmax(dim=1) for part in (self.first, self.end, self.places)
        )
        start = torch.arange(0, len(self.first), size, device=self.first.device)[:, None]
        # Every range holds its own key, so those of neighbouring keys leave no gap between them.
        some = (first.min < start + size) & (end.max > start)
        every = (first.max <= start) & (end.min >= start + size)
        if self.window is None:
            return some, every
        lowest, highest = places.min[:, None], places.max[:, None]  # of the queries
        nearest = torch.maximum(lowest - places.max, places.min - highest)
        farthest = torch.maximum(highest - places.min, places.max - lowest)
        return some & (nearest < self.window), every & (farthest < self.window)


def in_range(first: Tensor, end: Tensor, query: Tensor, key: Tensor) -> Tensor:
    """Whether queries stand in the ranges that see keys."""
    return (first[key] <= query) & (query < end[key])


def is_near(places: Tensor, window: int, query: Tensor, key: Tensor) -> Tensor:
    """Whether queries and keys of one row stand nearer to each other than the window."""
    return (places[query] - places[key]).abs() < window


@lru_cache(maxsize=16)  # every layer asks for the same
def seen_of(
    segments: tuple[Segment, ...], causal: bool, window: int | None, multiple: int, device: torch.device
) -> Seen:
    """Of a stream, filled up to a multiple of so many tokens by one more segment."""
    time = segments[-1].end
    filled = (*segments, Segment(time, -(-time // multiple) * multiple))
    starts = [segment.start for segment in filled]
    lengths = torch.tensor([segment.end - segment.start for segment in filled])

    def spread(numbers: Sequence[int]) -> Tensor:
        """A number of each segment, for each of its tokens."""
        return torch.tensor(numbers).repeat_interleave(lengths)

    tokens = torch.arange(filled[-1].end)
    first = tokens if causal else spread(starts)
    places = tokens - spread(starts) + spread(_above(filled))
    return Seen(first.to(device), spread(_ends(filled)).to(device), places.to(device), window)


def _above(segments: Sequence[Segment]) -> list[int]:
    """How many tokens of its row come before each segment."""
    above: list[int] = []
    for segment in segments:
        parent = None if segment.parent is None else segments[segment.parent]
        above.append(0 if parent is None else above[segment.parent or 0] + parent.end - parent.start)
    return above


def _ends(segments: Sequence[Segment]) -> list[int]:
    """The place behind the last descendant of each segment."""
    ends = [segment.end for segment in segments]
    for index in reversed(range(len(segments))):
        parent = segments[index].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[index])
    return ends
