"""A table of raw rows as a file holds them, each with its place, before anything is understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One raw row: its values by column and where it stands (`mails.csv:12`, `mails.json row 3`)."""

    place: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is left out: where it stands and why, in a few words."""

    place: str
    cause: str


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one file; `damaged` are rows that cannot be read, `expected` says what a good row is."""

    file: str
    expected: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    damaged: tuple[Dropped, ...] = ()


def columns_of(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """The names of all columns that occur in any row, in order of first occurrence."""
    return tuple(dict.fromkeys(name for row in rows for name in row.values))
