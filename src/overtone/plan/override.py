"""Settings from the command line: `--set stages.0.method.rank=16` put into a plan's plain values."""

import re
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.plan.document import parse


def apply_override(document: Any, override: str) -> None:
    """Set one value, in place. The value is YAML, so that numbers, lists and none are what they look like.

    A part named by its name alone becomes a mapping when a setting of it is given. The last key may be
    absent (the plan's own check names what is unknown); what leads to it may not.
    """
    path, equals, text = override.partition("=")
    if not equals or not keys_of(path):
        raise UserError(f"--set {override} is no setting; write it as --set stages.0.epochs=2.")
    put_value(document, path, parse(text, f"the value of --set {path}"))


def put_value(document: Any, path: str, value: Any) -> None:
    """Set the value at a path such as `stages.0.epochs`, in place, as `apply_override` does."""
    keys = keys_of(path)
    place = document
    for depth, key in enumerate(keys[:-1]):
        where = ".".join(keys[:depth])
        place = _inside(place, key, where)
    _put(place, keys[-1], value, ".".join(keys[:-1]))


def keys_of(override: str) -> list[str]:
    """The way to a setting: `stages[0].epochs=2` leads over `stages` and `0` to `epochs`."""
    path = override.partition("=")[0]
    return [key for key in re.split(r"[.\[\]]+", path.strip()) if key]


def _inside(place: Any, key: str, where: str) -> Any:
    """The container called `key`, a part's name being made one."""
    index = _index(place, key, where)
    inner = place[index]
    if isinstance(inner, str):
        place[index] = inner = {"name": inner}
    if not isinstance(inner, dict | list):
        raise UserError(f"--set: {_join(where, key)} is {_word(inner)} and has no settings; set it first.")
    return inner


def _index(place: Any, key: str, where: str) -> Any:
    """The key, or the number in a list, that is there; UserError with the nearest one otherwise."""
    if isinstance(place, list):
        if key.isdigit() and int(key) < len(place):
            return int(key)
        raise UserError(f"--set: {where} has {len(place)} entries, counted from 0; there is no '{key}'.")
    if key in place:
        return key
    known = [str(name) for name in place]
    whole = where or "the plan"
    raise UserError(f"--set: {whole} has no '{key}'.{nearest(key, known)} Known: {', '.join(known)}.")


def _put(place: Any, key: str, value: Any, where: str) -> None:
    if isinstance(place, list):
        place[_index(place, key, where)] = value
    else:
        place[key] = value


def _join(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _word(value: Any) -> str:
    return "not set" if value is None else repr(value)
