"""Read any file of rows: what it is, is told from its bytes, and from its name only to refuse."""

from pathlib import Path

from overtone.core.errors import UserError
from overtone.data.sources.conll import looks_like_conll, read_conll
from overtone.data.sources.content import decode, read_bytes
from overtone.data.sources.delimited import read_delimited
from overtone.data.sources.jsons import looks_like_json, read_json
from overtone.data.sources.parquet import looks_like_parquet, read_parquet
from overtone.data.sources.plain import looks_plain, read_plain
from overtone.data.sources.refused import refuse_other
from overtone.data.sources.table import Table


def read_table(path: Path, drop_bad_rows: bool = False, plain: bool = False) -> Table:
    """The raw rows of a file.

    With `plain` a file of the name of a text (book.txt) holds paragraphs instead of rows. A damaged row among good
    ones is refused with its line, or left in `damaged` where `drop_bad_rows`.
    UserError: no such file, a kind that is not read, bad encoding, damage, or no row at all.
    """
    table = _read(path.name, read_bytes(path), plain)
    if table.damaged and not drop_bad_rows:
        raise UserError(_damage(table))
    if not table.rows and not table.damaged:
        raise UserError(f"{path.name} holds no row; add rows.")
    return table


def _read(file: str, content: bytes, plain: bool) -> Table:
    if looks_like_parquet(content):
        return read_parquet(file, content)
    written = plain and looks_plain(file)
    if not written:
        refuse_other(file, content)
    text = decode(file, content)
    if not text.strip():
        raise UserError(f"{file} is empty; give a file with rows.")
    if written:
        return read_plain(file, text)
    if looks_like_conll(file, text):
        return read_conll(file, text)
    return (read_json if looks_like_json(text) else read_delimited)(file, text)


def _damage(table: Table) -> str:
    total, count = len(table.rows) + len(table.damaged), len(table.damaged)
    named = "; ".join(f"{row.place}: {row.cause}" for row in table.damaged[:5])
    more = f"; and {count - 5} more" if count > 5 else ""
    return (
        f"{table.file}: {count} of {total} rows cannot be read ({named}{more}). A row is {table.expected}. "
        "Correct the rows, or set data.on_bad_row: drop to leave them out and have them counted."
    )
