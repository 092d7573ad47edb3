"""Examples kept in a file of a run, one a line, as they were judged."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from overtone.core.example import Example, Message


def to_lines(examples: Sequence[Example]) -> str:
    """One JSON object a line; a field that says nothing is left out. ASCII, for some readers split at U+2028."""
    return "".join(json.dumps(_said(asdict(example))) + "\n" for example in examples)


def from_lines(text: str) -> list[Example]:
    """What `to_lines` wrote."""
    return [from_plain(json.loads(line)) for line in text.split("\n") if line]


def from_plain(contents: dict[str, Any]) -> Example:
    """An example from its fields as plain values: lists become tuples, turns messages."""
    known = {field.name for field in fields(Example)}
    found = {name: _fixed(value) for name, value in contents.items() if name in known}
    found["messages"] = tuple(Message(**turn) for turn in contents.get("messages", ()))
    return Example(**found)


def _said(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ("", (), [])}


def _fixed(value: Any) -> Any:
    return tuple(_fixed(one) for one in value) if isinstance(value, list) else value
