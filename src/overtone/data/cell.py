"""The values of a row by role, or the reason why the row cannot be used."""

import unicodedata
from typing import Any

from overtone.data.format import Columns
from overtone.data.sources.table import Row


class UnusableError(Exception):
    """Why a row cannot become an example, in a few words; such rows are dropped and counted."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: empty, white space, control or invisible characters only."""
    return all(char.isspace() or unicodedata.category(char) in ("Cc", "Cf") for char in text)


def value_of(row: Row, columns: Columns, role: str) -> Any:
    """The value of a role's first column; None where it is missing (absent, null, or not a number)."""
    names = columns.get(role)
    value = row.values.get(names[0]) if names else None
    return None if value != value else value  # only NaN differs from itself


def text_of(row: Row, columns: Columns, role: str) -> str:
    """A text that must be there, as it stands in the file.

    Texts of several columns are joined by an empty line; there, a list of texts counts as a text with a line for each.
    """
    names = columns.get(role, ())
    parts = [_text(row.values.get(name), role, listed=len(names) > 1) for name in names]
    text = "\n\n".join(part for part in parts if not is_blank(part))
    if not text:
        raise UnusableError(f"empty {role}")
    return text


def _text(value: Any, role: str, listed: bool) -> str:
    """A cell as text: nothing where it is missing; a list of texts only where it may be `listed`."""
    if value is None or value != value:  # only NaN differs from itself
        return ""
    if listed and is_texts(value):
        return "\n".join(part for part in value if not is_blank(part))
    if not isinstance(value, str):
        raise UnusableError(f"{role} that is no text")
    return value


def is_texts(value: Any) -> bool:
    """Whether a cell is a list of texts."""
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def optional_text(row: Row, columns: Columns, role: str) -> str:
    """A text that may be missing; then it is empty."""
    value = value_of(row, columns, role)
    return "" if value is None or (isinstance(value, str) and is_blank(value)) else str(value)


def names_of(row: Row, columns: Columns, role: str, separator: str = "") -> tuple[str, ...]:
    """Names (labels, document ids) from all columns of a role: texts, numbers, lists, or joined texts."""
    values = [row.values.get(column) for column in columns.get(role, ())]
    flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
    names = [name for item in flat for name in _names(item, separator)]
    return tuple(dict.fromkeys(name.strip() for name in names if not is_blank(name)))


def _names(item: Any, separator: str) -> list[str]:
    if item is None or item != item:
        return []
    if isinstance(item, dict | list):
        raise UnusableError("nested label")
    if isinstance(item, bool):
        return [str(item).lower()]
    return str(item).split(separator) if separator else [str(item)]
