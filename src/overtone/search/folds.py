"""Folds: rows dealt into parts of equal size, whole units of rows, each class evenly, for cross-validation."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.data.split import split_rows
from overtone.data.units import units


@dataclass(frozen=True)
class Fold:
    """One turn: rows to learn from, rows to choose by, and the rows that are judged."""

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]


def deal(rows: Sequence[Example], count: int, seed: int, by_label: bool) -> list[tuple[Example, ...]]:
    """The rows of each of `count` parts, in their order.

    Rows that ask the same or share a group stay together. Units are dealt the large ones first, each to the part
    with the fewest rows of its class, then the fewest rows. The same rows give the same parts in any order.
    UserError where there are fewer units than parts.
    """
    members = units(rows)
    if len(members) < count:
        raise UserError(
            f"folds {count}: there are only {len(members)} different questions or groups; give fewer folds."
        )
    label = {name: _class_of(found) if by_label else "" for name, found in members.items()}
    classes, sizes = [Counter[str]() for _ in range(count)], [0] * count
    place: dict[int, int] = {}
    for name in sorted(
        members, key=lambda name: (-_grouped_size(members[name]), label[name], _draw(name, seed))
    ):
        chosen = min(range(count), key=lambda part: (classes[part][label[name]], sizes[part], part))
        classes[chosen][label[name]] += len(members[name])
        sizes[chosen] += len(members[name])
        place |= {id(row): chosen for row in members[name]}
    return [tuple(row for row in rows if place[id(row)] == part) for part in range(count)]


def folds(rows: Sequence[Example], count: int, share: float, seed: int, by_label: bool) -> Iterator[Fold]:
    """Each part judged once; of the others a share of the rows is kept to choose by."""
    parts = deal(rows, count, seed, by_label)
    for number, test in enumerate(parts):
        others = [row for other, part in enumerate(parts) if other != number for row in part]
        validation, train = split_rows(others, [share], seed, by_label)
        yield Fold(tuple(train), tuple(validation), test)


def _class_of(rows: Sequence[Example]) -> str:
    """The most frequent first label; among equals the first by name."""
    counts = Counter(row.labels[0] for row in rows if row.labels)
    return min(counts, key=lambda label: (-counts[label], label), default="")


def _grouped_size(rows: Sequence[Example]) -> int:
    """The rows of a group; questions that stand for themselves are all alike."""
    return len(rows) if any(row.group for row in rows) else 0


def _draw(name: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\x1f{name}".encode(errors="surrogatepass"), digest_size=16).digest()
