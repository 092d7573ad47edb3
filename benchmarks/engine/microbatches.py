"""How a peer cuts a step's rows into padded batches: its two settings, size and order."""

import random
from collections.abc import Sequence

from benchmarks.engine.job import Settings
from benchmarks.engine.rows import Row

IGNORED = -100  # a label that is not predicted
SIZES = (1, 2, 4, 8)
ORDERS = ("sorted", "random")
GRID: tuple[Settings, ...] = (
    {"batch": 1, "order": "sorted"},  # nothing is padded, so the order does not matter
    *({"batch": size, "order": order} for size in SIZES[1:] for order in ORDERS),
)
DEFAULT: Settings = {"batch": 8, "order": "random"}
USUAL: Settings = {"batch": 1, "order": "sorted"}  # what searches on two cores have found


def ordered(rows: Sequence[Row], order: str, seed: int) -> list[Row]:
    """Rows in an order of chance, or the longest first."""
    if order == "sorted":
        return sorted(rows, key=lambda row: -row.tokens)
    return random.Random(seed).sample(list(rows), len(rows))


def cut(rows: Sequence[Row], size: int) -> list[list[Row]]:
    """Rows in batches; the last may be smaller."""
    return [list(rows[start : start + size]) for start in range(0, len(rows), size)]


def labelled(row: Row) -> tuple[list[int], list[int]]:
    """Token ids of a row and its labels, of which the prompt's are ignored."""
    return [*row.prompt, *row.completion], [*[IGNORED] * len(row.prompt), *row.completion]


def padded(rows: Sequence[Row]) -> dict[str, list[list[int]]]:
    """Ids, mask and labels, padded on the right to the longest row."""
    pairs = [labelled(row) for row in rows]
    longest = max(len(ids) for ids, _ in pairs)
    return {
        "input_ids": [ids + [0] * (longest - len(ids)) for ids, _ in pairs],
        "attention_mask": [[1] * len(ids) + [0] * (longest - len(ids)) for ids, _ in pairs],
        "labels": [labels + [IGNORED] * (longest - len(labels)) for _, labels in pairs],
    }
