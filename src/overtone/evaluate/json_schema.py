"""Whether a JSON value has the form that a JSON schema asks for, and which keywords of schemas are known.

A subset of draft 2020-12: what the form of an answer needs. Another keyword is refused, never passed over.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from overtone.core.errors import nearest

Schema = Mapping[str, Any] | bool


def unknown_keyword(schema: Any) -> str | None:
    """What is wrong with a schema, in one sentence: a keyword that is not known, or a part that is no schema."""
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, Mapping):
        return f"a JSON schema is a mapping, not {schema!r}."
    for key in schema:
        if key not in KEYWORDS and key not in WORDS:
            return f"the JSON schema's keyword '{key}' is not known.{nearest(str(key), KEYWORDS)}"
    return next(filter(None, map(unknown_keyword, _inner(schema))), None)


def has_form(value: Any, schema: Schema) -> bool:
    """Whether a value satisfies a schema."""
    if isinstance(schema, bool):
        return schema
    return all(KEYWORDS[key](value, wanted, schema) for key, wanted in schema.items() if key in KEYWORDS)


def _inner(schema: Mapping[str, Any]) -> list[Any]:
    named = [one for key in ("properties",) for one in schema.get(key, {}).values()]
    listed = [one for key in ("allOf", "anyOf", "oneOf", "prefixItems") for one in schema.get(key, [])]
    return [
        *named,
        *listed,
        *(schema[key] for key in ("items", "not", "additionalProperties") if key in schema),
    ]


def _type(value: Any, wanted: Any, _: Any) -> bool:
    return any(TYPES[one](value) for one in ([wanted] if isinstance(wanted, str) else wanted))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, and 1.0 is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _properties(value: Any, wanted: Any, _: Any) -> bool:
    return not isinstance(value, dict) or all(
        has_form(value[key], one) for key, one in wanted.items() if key in value
    )


def _additional(value: Any, wanted: Any, schema: Any) -> bool:
    known = schema.get("properties", {})
    return not isinstance(value, dict) or all(
        has_form(one, wanted) for key, one in value.items() if key not in known
    )


def _items(value: Any, wanted: Any, schema: Any) -> bool:
    rest = value[len(schema.get("prefixItems", [])) :] if isinstance(value, list) else []
    return all(has_form(one, wanted) for one in rest)


def _bound(kind: Callable[[Any], bool], holds: Callable[[Any, Any], bool]) -> Callable[[Any, Any, Any], bool]:
    """A keyword that asks something of values of one kind, and nothing of others."""
    return lambda value, wanted, _: not kind(value) or bool(holds(value, wanted))


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


TYPES: dict[str, Callable[[Any], bool]] = {
    "object": _object,
    "array": _list,
    "string": _text,
    "number": _number,
    "integer": lambda value: _number(value) and value == int(value),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
WORDS = {
    "$schema",
    "title",
    "description",
    "default",
    "examples",
}  # say something to people and ask for nothing
KEYWORDS: dict[str, Callable[[Any, Any, Any], bool]] = {
    "type": _type,
    "enum": lambda value, wanted, _: any(_same(value, one) for one in wanted),
    "const": lambda value, wanted, _: _same(value, wanted),
    "properties": _properties,
    "required": _bound(_object, lambda value, wanted: set(wanted) <= value.keys()),
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _bound(_list, lambda value, wanted: all(map(has_form, value, wanted))),
    "minItems": _bound(_list, lambda value, wanted: len(value) >= wanted),
    "maxItems": _bound(_list, lambda value, wanted: len(value) <= wanted),
    "minLength": _bound(_text, lambda value, wanted: len(value) >= wanted),
    "maxLength": _bound(_text, lambda value, wanted: len(value) <= wanted),
    "pattern": _bound(_text, lambda value, wanted: re.search(wanted, value) is not None),
    "minimum": _bound(_number, lambda value, wanted: value >= wanted),
    "maximum": _bound(_number, lambda value, wanted: value <= wanted),
    "exclusiveMinimum": _bound(_number, lambda value, wanted: value > wanted),
    "exclusiveMaximum": _bound(_number, lambda value, wanted: value < wanted),
    "allOf": lambda value, wanted, _: all(has_form(value, one) for one in wanted),
    "anyOf": lambda value, wanted, _: any(has_form(value, one) for one in wanted),
    "oneOf": lambda value, wanted, _: sum(has_form(value, one) for one in wanted) == 1,
    "not": lambda value, wanted, _: not has_form(value, wanted),
}
