"""Which attention calls a stream needs: segments of equal length together, a shared beginning once for all its rows.

Both kinds of call cover whole neighbouring ranges of the stream, because segments stand in depth-first order.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from overtone.engine.stream import Segment


@dataclass(frozen=True, slots=True)
class Run:
    """`count` neighbouring segments of `length` tokens each and of one parent: one call in which each sees itself."""

    start: int
    count: int
    length: int
    chain: tuple[Segment, ...]  # the ancestors, which are the same for all, from the root down

    @property
    def end(self) -> int:
        """The place behind the last token."""
        return self.start + self.count * self.length


@dataclass(frozen=True, slots=True)
class Shared:
    """One dense call: the tokens `start` to `end`, all that descend from a segment, see the whole segment."""

    start: int
    end: int
    key_start: int
    key_end: int


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a stream; `longest` is the length of its longest row."""

    runs: tuple[Run, ...]
    shared: tuple[Shared, ...]
    longest: int


@lru_cache(maxsize=64)  # every layer asks for the calls of the same stream
def calls_of(segments: tuple[Segment, ...]) -> Calls:
    """The calls that let every segment see itself and all of its ancestors."""
    chains: list[tuple[Segment, ...]] = []
    ends = [segment.end for segment in segments]
    for segment in segments:
        parent = segment.parent
        chains.append(() if parent is None else (*chains[parent], segments[parent]))
    for index in reversed(range(len(segments))):
        parent = segments[index].parent
        if parent is not None:
            ends[parent] = max(ends[parent], ends[index])
    shared = tuple(
        Shared(segment.end, end, segment.start, segment.end)
        for segment, end in zip(segments, ends, strict=True)
        if end > segment.end > segment.start
    )
    runs = tuple(_runs(segments, chains))
    longest = max((run.length + sum(map(_length, run.chain)) for run in runs), default=0)
    return Calls(runs, shared, longest)


def _runs(segments: tuple[Segment, ...], chains: list[tuple[Segment, ...]]) -> list[Run]:
    filled = [index for index, segment in enumerate(segments) if _length(segment)]
    groups = groupby(filled, key=lambda index: (segments[index].parent, _length(segments[index])))
    runs: list[Run] = []
    for (_, length), group in groups:
        first, *others = group
        runs.append(Run(segments[first].start, 1 + len(others), length, chains[first]))
    return runs


def _length(segment: Segment) -> int:
    return segment.end - segment.start
