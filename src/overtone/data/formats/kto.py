"""Completions marked good or bad (KTO). Known, and refused."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.data.cell import value_of
from overtone.data.format import Columns, Format
from overtone.data.sources.table import Row


class KTO(Format):
    """Completions marked good or bad (KTO). Known, and refused."""

    name: ClassVar[str] = "kto"
    title: ClassVar[str] = "completions marked good or bad (KTO)"
    asks: ClassVar[frozenset[str]] = frozenset()
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "prompt": ("prompt",),
        "completion": ("completion",),
        "mark": ("label",),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"prompt", "completion", "mark"})
    refusal: ClassVar[str] = (
        "which this version does not train on; "
        "to learn the good ones alone, write them as prompt and completion"
    )

    def fits(self, row: Row, columns: Columns) -> bool:
        """The mark is true or false, not a category."""
        return str(value_of(row, columns, "mark")).lower() in ("true", "false")
