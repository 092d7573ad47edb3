"""The flat stream: the real tokens of many rows one after another, with a tree of segments over them.

A segment sees itself and all of its ancestors. A row is the chain of segments from a root down to the row's own;
rows that begin alike share the segments of their common beginning, which are then computed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens `start` to `end` of a stream; `parent` is the segment that comes before them in every row."""

    start: int
    end: int
    parent: int | None = None


@dataclass(frozen=True)
class Stream:
    """Tokens of rows without padding.

    `positions` count from 0 in each row. Segments stand in depth-first order: behind a segment come all of its
    descendants. `ends` names for each row, in the caller's order, the segment that the row ends with.
    """

    tokens: Tensor  # (time,)
    positions: Tensor  # (time,)
    segments: tuple[Segment, ...]
    ends: tuple[int, ...]

    def chain(self, segment: int) -> list[int]:
        """The segments that a segment sees, from the root to itself."""
        chain: list[int] = []
        at: int | None = segment
        while at is not None:
            chain.append(at)
            at = self.segments[at].parent
        return chain[::-1]

    @cached_property
    def places(self) -> list[list[int]]:
        """For each row where its tokens stand in the stream."""
        return [[place for segment in self.chain(end) for place in self._range(segment)] for end in self.ends]

    @cached_property
    def last_descendants(self) -> tuple[int, ...]:
        """For each segment the last of its descendants, itself where it has none."""
        last = list(range(len(self.segments)))
        for index in reversed(range(len(self.segments))):
            parent = self.segments[index].parent
            if parent is not None:
                last[parent] = max(last[parent], last[index])
        return tuple(last)

    def to(self, device: torch.device) -> "Stream":
        """The same stream with its tensors on a device."""
        return Stream(self.tokens.to(device), self.positions.to(device), self.segments, self.ends)

    def behind(self, length: int) -> "Stream":
        """The same rows behind a common beginning of `length` places, whose tokens are 0."""
        segments = segments_behind(self.segments, length)
        above = len(segments) - len(self.segments)
        return Stream(
            torch.cat((self.tokens.new_zeros(length), self.tokens)),
            torch.cat((torch.arange(length, device=self.positions.device), self.positions + length)),
            segments,
            tuple(end + above for end in self.ends),
        )

    def with_idle(self, places: int) -> "Stream":
        """The same rows and `places` further ones, of token 0, that no row ends with or sees."""
        if not places:
            return self
        time = len(self.tokens)
        return Stream(
            torch.cat((self.tokens, self.tokens.new_zeros(places))),
            torch.cat((self.positions, torch.arange(places, device=self.positions.device))),
            (*self.segments, Segment(time, time + places)),
            self.ends,
        )

    def _range(self, segment: int) -> range:
        return range(self.segments[segment].start, self.segments[segment].end)


def one_by_one(rows: Sequence[Sequence[int]]) -> Stream:
    """A stream that shares nothing: one segment a row."""
    segments: list[Segment] = []
    tokens: list[int] = []
    positions: list[int] = []
    for row in rows:
        segments.append(Segment(len(tokens), len(tokens) + len(row)))
        tokens += list(row)
        positions += range(len(row))
    return Stream(torch.tensor(tokens), torch.tensor(positions), tuple(segments), tuple(range(len(segments))))


@lru_cache(maxsize=64)  # every layer may ask for those of the same stream
def segments_behind(segments: tuple[Segment, ...], length: int) -> tuple[Segment, ...]:
    """The segments behind `length` places that all see: a root of their own, or the beginning of the only root."""
    moved = [Segment(one.start + length, one.end + length, one.parent) for one in segments]
    if sum(one.parent is None for one in segments) == 1:
        return (Segment(0, moved[0].end), *moved[1:])
    under = [Segment(one.start, one.end, 0 if one.parent is None else one.parent + 1) for one in moved]
    return (Segment(0, length), *under)
