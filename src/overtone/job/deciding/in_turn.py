"""A few rows that stand for all: of all classes and of all lengths."""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from overtone.core.example import Example

Sized = tuple[int, Example]  # with its characters
GOLDEN = (math.sqrt(5) - 1) / 2  # whose multiples less their whole parts lie evenly, however few are taken


def in_turn(rows: Sequence[Example], most: int) -> list[Example]:
    """So many rows in an order in which the classes take turns and any few in a row have the lengths of all.

    Each is the one nearest to a length that is wanted, of the classes whose turn is still to come.
    """
    classes: dict[tuple[str, ...], list[Sized]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (characters([row]), row.id)):
        classes[row.labels[:1]].append((characters([row]), row))
    lengths = sorted(length for each in classes.values() for length, _ in each)
    found: list[Example] = []
    waiting: list[tuple[str, ...]] = []
    for place in range(1, min(most, len(rows)) + 1):
        waiting = waiting or sorted(name for name, left in classes.items() if left)
        wanted = lengths[int(place * GOLDEN % 1 * len(lengths))]
        name = min(waiting, key=lambda name: abs(_nearest(classes[name], wanted)[0] - wanted))
        chosen = _nearest(classes[name], wanted)
        waiting.remove(name)
        classes[name].remove(chosen)
        found.append(chosen[1])
    return found


def _nearest(ordered: Sequence[Sized], wanted: int) -> Sized:
    """Of rows in the order of their length the one that is nearest to one."""
    at = bisect_left(ordered, wanted, key=lambda one: one[0])
    return min(ordered[max(0, at - 1) : at + 1], key=lambda one: abs(one[0] - wanted))


def characters(rows: Sequence[Example]) -> int:
    """All that is read and wanted of the rows, at least 1."""
    return max(
        1,
        sum(
            len(row.input) + len(row.completion) + len(row.rejected) + sum(map(len, row.choices))
            for row in rows
        ),
    )
