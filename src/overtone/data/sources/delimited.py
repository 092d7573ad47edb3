"""Delimited text: CSV and TSV with a header, the delimiter found from the rows, quoted fields over lines."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from overtone.core.errors import UserError
from overtone.data.sources.table import Dropped, Row, Table

DELIMITERS = {",": "a comma", "\t": "a tab", ";": "a semicolon"}
SAMPLE = 50  # lines from which the delimiter is found


def read_delimited(file: str, text: str) -> Table:
    """Rows below a header line; damaged rows are kept aside, an unclosed quote is refused."""
    delimiter = find_delimiter(text)
    records = _records(file, text, delimiter)
    header = _header(file, *next(records))
    rows, damaged = [], []
    for line, fields in records:
        if isinstance(fields, str):
            damaged.append(Dropped(f"{file}:{line}", fields))
        elif len(fields) != len(header):
            plural = "s" * (len(fields) != 1)
            damaged.append(Dropped(f"{file}:{line}", f"{len(fields)} field{plural} instead of {len(header)}"))
        else:
            rows.append(Row(f"{file}:{line}", dict(zip(header, fields, strict=True))))
    if not rows and not damaged:
        raise UserError(f"{file} holds only a header ({', '.join(header)}) and no row; add rows below it.")
    plural = "s" * (len(header) != 1)
    expected = (
        f"{len(header)} field{plural} ({', '.join(header)}), "
        f"with double quotes around a field that holds {DELIMITERS[delimiter]}"
    )
    return Table(file, expected, header, tuple(rows), tuple(damaged))


def find_delimiter(text: str) -> str:
    """The delimiter that cuts the header, and most rows alike, into several fields; else a comma."""
    lines = [line for line, _ in zip(io.StringIO(text, newline=""), range(SAMPLE))]

    def agreement(delimiter: str) -> float:
        with _long_fields():
            widths = [len(fields) for fields in csv.reader(lines, delimiter=delimiter) if fields]
        return widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0.0

    return max(DELIMITERS, key=agreement)


def _records(file: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The fields of each record, or what is wrong with it, with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    with _long_fields():
        while True:
            line = reader.line_num + 1
            try:
                fields: list[str] | str = next(reader)
            except StopIteration:
                return
            except csv.Error:
                if reader.line_num > line:
                    raise UserError(_unclosed(file, line, reader.line_num)) from None
                fields = "a quoted field is not closed properly"
            if fields:
                yield line, fields


def _unclosed(file: str, line: int, last: int) -> str:
    return (
        f"{file}:{line}: a quoted field opens here and is not closed properly (it runs to line {last}); "
        'close it, or write a double quote that belongs to the text twice ("").'
    )


def _header(file: str, line: int, fields: list[str] | str) -> tuple[str, ...]:
    """The column names; an unnamed column gets its number, a repeated name is refused."""
    if isinstance(fields, str):
        raise UserError(f"{file}:{line}: the header cannot be read: {fields}; correct it.")
    names = [field.strip() or f"column {number}" for number, field in enumerate(fields, 1)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UserError(f"{file}:{line}: the column '{twice}' stands twice in the header; rename one.")
    return tuple(names)


@contextmanager
def _long_fields() -> Iterator[None]:
    """Lift the csv module's limit of 131,072 characters a field, and put it back."""
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
