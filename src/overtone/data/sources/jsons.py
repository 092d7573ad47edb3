"""JSON: one object a line, an array, an object around an array, or columns; told apart by content."""

import json
from typing import Any

from overtone.core.errors import UserError
from overtone.data.sources.table import Dropped, Row, Table, columns_of

TURNS = ({"role", "content"}, {"from", "value"})  # the keys of a turn, as chat files write it
OBJECT = 'one JSON object, {"column": value, ...}'


def looks_like_json(text: str) -> bool:
    """Whether the first visible character opens an object or an array."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(file: str, text: str) -> Table:
    """Rows from JSON Lines or from one JSON document, whatever the file is called."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    objects = sum(line.strip()[0] == "{" and line.strip()[-1] == "}" for _, line in lines)
    if text.lstrip()[0] == "{" and 1 < len(lines) < 2 * objects + 1:
        found = [(f"{file}:{number}", line) for number, line in lines]
        return _table(file, [_parse_line(place, line) for place, line in found])
    rows = _find_rows(file, _parse_document(file, text))
    return _table(file, [_check(f"{file} row {number}", row) for number, row in enumerate(rows, 1)])


def parse_json(text: str) -> Any:
    """Strict JSON; ValueError where it is none (NaN and Infinity are no JSON either)."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not valid JSON, write null or a text")


def _table(file: str, found: list[Row | Dropped]) -> Table:
    rows = tuple(row for row in found if isinstance(row, Row))
    damaged = tuple(row for row in found if isinstance(row, Dropped))
    return Table(file, OBJECT, columns_of(rows), rows, damaged)


def _parse_line(place: str, line: str) -> Row | Dropped:
    try:
        return _check(place, parse_json(line))
    except ValueError as error:
        return Dropped(place, _explain(error))


def _parse_document(file: str, text: str) -> Any:
    try:
        return parse_json(text)
    except json.JSONDecodeError as error:
        line = text.rstrip().count("\n") + 1 if _is_cut(error) else error.lineno
        raise UserError(f"{file}:{line}: {_explain(error)}; correct the file or fetch it again.") from None
    except ValueError as error:
        raise UserError(f"{file}: {_explain(error)}; correct the file.") from None


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Whether the text ended too early; a raw line break in a string is another error, so this is the end."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(error.doc.rstrip())


def _explain(error: ValueError) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    if _is_cut(error):
        return "ends in the middle of a value, so the copy may be incomplete"
    reason = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
    return f"not valid JSON ({reason}, column {error.colno})"


def _check(place: str, value: Any) -> Row | Dropped:
    if not isinstance(value, dict):
        return Dropped(place, f"{_kind(value)} where an object is expected")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Dropped(place, "half a character (a lone surrogate)")
    return Row(place, value)


def _kind(value: Any) -> str:
    kinds = {list: "a list", str: "a text", bool: "true or false", dict: "an object", type(None): "null"}
    return kinds.get(type(value), "a number")


def _find_rows(file: str, document: Any) -> list[Any]:
    """The rows of a document: its array, the one array of objects in it, its columns, or itself."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict) or not document:
        raise UserError(f"{file} holds {_kind(document)}, not rows; give an array of objects.")
    arrays = [name for name, value in document.items() if _holds_objects(value)]
    if len(arrays) > 1:
        raise UserError(f"{file} holds several arrays of rows ({', '.join(arrays)}); write a file for each.")
    return document[arrays[0]] if arrays else _from_columns(file, document)


def _holds_objects(value: Any) -> bool:
    """Whether a value is an array of rows; the turns of one conversation are not."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and not _is_turns(value)


def _is_turns(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], dict) and any(turn <= value[0].keys() for turn in TURNS)


def _from_columns(file: str, document: dict[str, Any]) -> list[Any]:
    """Rows of a column-oriented document: lists, or the index-to-value objects that pandas writes."""
    columns = {
        name: list(value.values()) if isinstance(value, dict) else value for name, value in document.items()
    }
    if not all(isinstance(value, list) and not _is_turns(value) for value in columns.values()):
        return [document]
    lengths = {len(value) for value in columns.values()}
    if len(lengths) > 1:
        raise UserError(
            f"{file} holds lists of different lengths under {len(columns)} names, so they are no columns; "
            'where the names are labels, write one {"text": ..., "label": ...} object for each text.'
        )
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
