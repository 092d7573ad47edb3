"""From rows of tokens to a stream: what rows begin alike with stands in it once, where that saves work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import torch

from overtone.engine.stream import Segment, Stream

# Sharing costs one more attention call for a segment and joins its result into every token behind it. In tokens'
# worth of work, forward and backward through a decoder of 15 million weights on a CPU: under 8, and a thirty-second.
CALL, JOINED = 8, 32


@dataclass
class _Node:
    """Tokens `start` to `end` of the rows that pass here; `rows` end here, the children's go on."""

    tokens: Sequence[int]  # of any row that passes here
    start: int
    end: int
    rows: list[int] = field(default_factory=list)
    children: list["_Node"] = field(default_factory=list)

    @property
    def length(self) -> int:
        return self.end - self.start


def pack(rows: Sequence[Sequence[int]], share: bool = True) -> Stream:
    """The stream of rows; with `share`, common beginnings are found and computed once, over several levels.

    A beginning of n further tokens that k rows have in common is shared where the (k - 1) n tokens it saves are
    more than what joining costs: 8, and a thirty-second of the tokens behind it. Equal rows always share. Siblings
    stand in order of length, so that attention runs over many of equal length at once.
    """
    if share:
        order = sorted(range(len(rows)), key=lambda row: tuple(rows[row]))
        roots = _branches(rows, order, 0, 0)
    else:
        roots = [_Node(row, 0, len(row), [index]) for index, row in enumerate(rows)]
    segments: list[Segment] = []
    ends = [0] * len(rows)
    tokens: list[int] = []
    positions: list[int] = []
    for node, parent in _depth_first(roots):
        for row in node.rows:
            ends[row] = len(segments)
        segments.append(Segment(len(tokens), len(tokens) + node.length, parent))
        tokens += node.tokens[node.start : node.end]
        positions += range(node.start, node.end)
    return Stream(
        torch.tensor(tokens, dtype=torch.long),
        torch.tensor(positions, dtype=torch.long),
        tuple(segments),
        tuple(ends),
    )


def _branches(rows: Sequence[Sequence[int]], order: list[int], start: int, depth: int) -> list[_Node]:
    """The nodes of sorted rows that agree up to `depth` and whose tokens up to `start` stand above."""
    branches: list[_Node] = []
    for goes_on, group in groupby(order, key=lambda row: rows[row][depth : depth + 1]):
        same = list(group)
        if not goes_on:  # these rows end here
            branches.append(_Node(rows[same[0]], start, depth, same))
        else:
            branches += _branch(rows, same, start, depth)
    return branches


def _branch(rows: Sequence[Sequence[int]], same: list[int], start: int, depth: int) -> list[_Node]:
    """One node where the common beginning of sorted rows is worth sharing, else a node for each of its branches."""
    first = rows[same[0]]
    end = _common(first, rows[same[-1]], depth)
    behind = sum(len(rows[row]) - end for row in same)
    if behind and (len(same) - 1) * (end - start) <= CALL + behind // JOINED:
        return _branches(rows, same, start, end)
    stops = [row for row in same if len(rows[row]) == end]
    return [_Node(first, start, end, stops, _branches(rows, same[len(stops) :], end, end))]


def _common(one: Sequence[int], other: Sequence[int], depth: int) -> int:
    """How many tokens two rows begin alike with; they do up to `depth`."""
    while depth < min(len(one), len(other)) and one[depth] == other[depth]:
        depth += 1
    return depth


def _depth_first(roots: list[_Node]) -> Iterator[tuple[_Node, int | None]]:
    """Each node behind its parent, with its parent's place; leaves come first, shorter ones before longer ones."""
    waiting: list[tuple[_Node, int | None]] = [(node, None) for node in _in_order(roots)]
    place = 0
    while waiting:
        node, parent = waiting.pop()
        yield node, parent
        waiting += [(child, place) for child in _in_order(node.children)]
        place += 1


def _in_order(nodes: list[_Node]) -> list[_Node]:
    """Siblings from the last to the first; among equals the caller's order decides, never what the tokens are."""
    return sorted(nodes, key=lambda node: (bool(node.children), node.length, node.rows), reverse=True)
