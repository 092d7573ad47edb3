"""Rows that a command writes on request: CSV that is safe in spreadsheets, or exact JSON Lines."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError

Rows = Sequence[Mapping[str, Any]]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets run, after OWASP's "CSV injection"


def check_destination(output: Path, source: Path) -> None:
    """Refuse, before any work, a file that cannot be written or that would replace the source."""
    if output.suffix.lower() not in WRITERS:
        raise UserError(f"{output} cannot be written: its name must end in {' or '.join(WRITERS)}.")
    if not output.parent.is_dir():
        raise UserError(f"{output} cannot be written: there is no folder {output.parent}.")
    if output.resolve() == source.resolve():
        raise UserError(f"{output} is the file that is read; name another with -o.")


def write_rows(rows: Rows, output: Path) -> None:
    """Write the rows whole or not at all, in the format that the file's name asks for."""
    from overtone.runs.write import write_text

    write_text(output, WRITERS[output.suffix.lower()](rows))


def as_csv(rows: Rows) -> str:
    """CSV after RFC 4180 in which no text starts as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer.writerow([_safe(name) for name in names])
    writer.writerows([_safe(row.get(name)) for name in names] for row in rows)
    return text.getvalue()


def as_json_lines(rows: Rows) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)


def _safe(value: Any) -> Any:
    """Keep a spreadsheet from running a text as a formula; numbers stay numbers."""
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


WRITERS: dict[str, Callable[[Rows], str]] = {".csv": as_csv, ".jsonl": as_json_lines}
