"""Parquet, through pyarrow, which is imported only when such a file is met."""

import io
from typing import Any

from overtone.core.errors import MissingExtra, UserError
from overtone.data.sources.table import Row, Table


def looks_like_parquet(content: bytes) -> bool:
    """Whether the bytes begin with Parquet's magic number."""
    return content.startswith(b"PAR1")


def read_parquet(file: str, content: bytes) -> Table:
    """All rows of a Parquet file as plain Python values."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra(f"{file} is Parquet, and reading it", "parquet") from None
    try:
        found: list[dict[str, Any]] = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).split(".")[0]
        raise UserError(
            f"{file} is Parquet, but damaged or incomplete ({reason}); copy or download it again."
        ) from None
    rows = tuple(Row(f"{file} row {number}", row) for number, row in enumerate(found, 1))
    return Table(file, "", tuple(found[0]) if found else (), rows)
