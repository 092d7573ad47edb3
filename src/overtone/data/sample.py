"""Fewer rows to learn from: a sample by a seed, in which a smaller one is always part of a larger one."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.leakage import key
from overtone.data.settings import DataSettings


def sampled(examples: Sequence[Example], settings: DataSettings, seed: int) -> list[Example]:
    """The rows that `data.rows` or `data.rows_per_class` leaves to learn from, in the order they stand in."""
    if settings.rows_per_class is not None:
        return _of_each_class(examples, settings.rows_per_class, seed)
    taken = {id(row) for row in _drawn(examples, seed)[: settings.rows]}
    return [row for row in examples if id(row) in taken]


def _of_each_class(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """So many rows of each class, or all where a class has fewer; a row of several classes stands for each."""
    members: dict[str, list[Example]] = defaultdict(list)
    for row in examples:
        for label in row.labels:
            members[label].append(row)
    taken = {id(row) for rows in members.values() for row in _drawn(rows, seed)[:count]}
    return [row for row in examples if id(row) in taken]


def _drawn(examples: Sequence[Example], seed: int) -> list[Example]:
    """The rows in an order that seed and content decide; rows that repeat a question come after all others."""
    ordered = sorted(examples, key=lambda row: _draw(row, seed))
    first = {key(row): row for row in reversed(ordered)}
    return sorted(ordered, key=lambda row: first[key(row)] is not row)


def _draw(row: Example, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\x1f{row.id}".encode(), digest_size=16).digest()


def refuse_classless(settings: DataSettings, task: Task) -> None:
    """UserError where rows of each class are asked for and the task has no classes."""
    if settings.rows_per_class is not None and task.asks != "classify":
        raise UserError(
            f"data.rows_per_class: the task '{task.name}' has no classes; set data.rows to learn from fewer rows."
        )


def short_classes(examples: Sequence[Example], settings: DataSettings) -> Iterator[str]:
    """A sentence where classes have fewer rows than `data.rows_per_class` asks for."""
    counts: dict[str, int] = defaultdict(int)
    for row in examples:
        for label in row.labels:
            counts[label] += 1
    short = sorted(label for label, count in counts.items() if count < (settings.rows_per_class or 0))
    if short:
        named = ", ".join(f"'{label}' ({counts[label]})" for label in short[:5])
        yield f"Classes of fewer than {settings.rows_per_class} rows, which are all taken: {len(short)}, {named}."
