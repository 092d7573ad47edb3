"""The package's own lists: words that are swapped, prompts that are asked, phrases that refuse."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

Slot = Mapping[str, tuple[str, ...]]  # group to words that can stand in each other's place
SUITED = "+"  # ends a form that stands before a noun: `her+` is that of `her book`


@cache
def axes() -> Mapping[str, tuple[Slot, ...]]:
    """Every axis (gender, origin, religion, age) with its slots.

    Words of one group in a slot are interchangeable, and so are, but for the group, those of its other groups.
    A name belongs to a gender and to an origin: on one axis it changes the one and keeps the other.
    """
    raw = _read("swaps.json")
    names: dict[str, dict[str, list[str]]] = raw["names"]
    found: dict[str, list[Mapping[str, Sequence[str]]]] = {
        axis: list(slots) for axis, slots in raw["slots"].items()
    }
    found["gender"] += list(names.values())
    genders = next(iter(names.values()))
    found["origin"] += [{origin: lists[gender] for origin, lists in names.items()} for gender in genders]
    return {
        axis: tuple({group: tuple(words) for group, words in slot.items()} for slot in slots)
        for axis, slots in found.items()
    }


@cache
def prompts() -> Mapping[str, Any]:
    """`harmful` and `harmless` prompts by category, `wrappers` by name, and `practice` prompts for training."""
    found: Mapping[str, Any] = _read("prompts.json")
    return found


@cache
def refusal_patterns() -> Mapping[str, tuple[str, ...]]:
    """Regular expressions of refusing phrases by language, over case-folded text."""
    return {language: tuple(found) for language, found in _read("refusal_patterns.json").items()}


def _read(name: str) -> Any:
    return json.loads(files("overtone.evaluate.safety").joinpath(name).read_text("utf-8"))
