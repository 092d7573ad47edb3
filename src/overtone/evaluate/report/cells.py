"""How the cells of a section's tables are written, by what their column says of its numbers."""

from collections.abc import Callable
from math import isfinite

from overtone.evaluate.report import numbers
from overtone.evaluate.report.section import Cell, Column, Table

LONG = 60  # characters from which a cell is a text to read


def _significant(value: float) -> str:
    """Three digits that count; from a thousand on a whole number in groups."""
    text = numbers.count(round(value)) if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "−")


WRITERS: dict[str, Callable[[float], str]] = {
    "percent": numbers.percent,
    "signed": lambda value: numbers.percent(value, signed=True),
    "number": _significant,
    "count": numbers.count,
    "seconds": numbers.seconds,
    "money": numbers.money,
    "p": numbers.chance,
}


def written(value: Cell, column: Column) -> str:
    """One cell as words; a dash where there is nothing, or no number where one belongs."""
    if value is None:
        return numbers.NONE
    if isinstance(value, str):
        return value
    if not isfinite(value):
        return numbers.NONE
    return WRITERS[column.written](value) if column.written in WRITERS else str(value)


def wordy(table: Table) -> bool:
    """Whether the table holds texts to be read, which want wide columns."""
    return any(isinstance(cell, str) and len(cell) > LONG for row in table.rows for cell in row)


def numeric(column: Column) -> bool:
    """Whether the column stands to the right, as numbers do."""
    return column.written != "text"
