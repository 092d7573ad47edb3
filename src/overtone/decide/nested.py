"""Nested parts of rows: a smaller one lies within a larger one, every class stands in each, and groups stay whole."""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import accumulate

from overtone.core.example import Example

Unit = tuple[str, str]  # rows of one group, or a row by itself
Class = tuple[str, ...]  # its first label; empty where it has none


def nested_share(rows: Sequence[Example], share: float, seed: int) -> list[Example]:
    """A share of the rows of each class, in their order; rows of one group are all in it or all out of it.

    Groups go by their most frequent class, and as many of them are taken as come nearest to the share. A smaller share
    of the same rows and seed lies within a larger one.
    """
    units: dict[Unit, list[Example]] = defaultdict(list)
    for row in rows:
        units[_unit(row)].append(row)
    drawn = sorted(units, key=lambda unit: _draw(unit, seed))
    needed = {
        _class(row): unit for unit in reversed(drawn) for row in units[unit]
    }  # the first that holds each
    ahead = frozenset(needed.values())
    classes: dict[Class, list[Unit]] = defaultdict(list)
    for unit in sorted(drawn, key=lambda unit: unit not in ahead):
        classes[_commonest(units[unit])].append(unit)
    kept: set[Unit] = set()
    for members in classes.values():
        sizes = [len(units[unit]) for unit in members]
        kept |= set(members[: _count(sizes, share, least=len(ahead & set(members)))])
    return [row for row in rows if _unit(row) in kept]


def _count(sizes: Sequence[int], share: float, least: int) -> int:
    """How many of the first groups come nearest to a share of all their rows; never none, nor fewer than `least`."""
    wanted = math.ceil(share * sum(sizes))
    reached = list(accumulate(sizes))
    return min(range(max(1, least), len(sizes) + 1), key=lambda count: abs(reached[count - 1] - wanted))


def _unit(row: Example) -> Unit:
    return ("group", row.group) if row.group else ("row", row.id)


def _class(row: Example) -> Class:
    return row.labels[:1]


def _commonest(rows: Collection[Example]) -> Class:
    """The most frequent class, the first by name of several."""
    counts = Counter(map(_class, rows))
    return min(counts, key=lambda one: (-counts[one], one))


def _draw(unit: Unit, seed: int) -> bytes:
    """A place in the order that only the name and the seed decide."""
    return hashlib.blake2b(f"{seed} {unit[1]}".encode(errors="surrogatepass"), digest_size=8).digest()
