"""Kinds of file that hold no table of rows: refused in words that say what can be done."""

from overtone.core.errors import UserError

LINES = 'write one JSON object a line, {"text": "..."}, into a .jsonl file'
BY_START = {
    b"PK\x03\x04": "a zip archive; unpack it and name one CSV, JSON, JSONL or Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Office file; save the sheet as CSV (UTF-8)",
    b"%PDF": f"a PDF; take the text out of it and {LINES}",
    b"__label__": "fastText lines, which this version does not read; write CSV with the columns text,label",
    b"<!doctype html": f"a web page; take the text out of it and {LINES}",
    b"<html": f"a web page; take the text out of it and {LINES}",
}
BY_ENDING = {
    ".txt": f"plain text, which has no rows; {LINES}, or call the file .csv or .tsv where it has columns",
    ".md": f"a Markdown page, which has no rows; {LINES}",
    ".html": f"a web page; take the text out of it and {LINES}",
    ".htm": f"a web page; take the text out of it and {LINES}",
}


def refuse_other(file: str, content: bytes) -> None:
    """Raise a UserError where the file is of a known kind that this version does not read."""
    start = content[:64].lstrip().lower()
    kind = next((words for magic, words in BY_START.items() if start.startswith(magic.lower())), None)
    if kind and b"xl/workbook" in content:
        kind = "an Excel workbook, which this version does not read; save the sheet as CSV (UTF-8)"
    ending = file.lower().removesuffix(".gz").rpartition(".")[2]
    kind = kind or BY_ENDING.get(f".{ending}")
    if kind:
        raise UserError(f"{file} is {kind}.")
