"""Preference pairs: a chosen and a rejected answer. Known, and refused."""

from collections.abc import Mapping
from typing import ClassVar

from overtone.data.format import Format


class Preference(Format):
    """Preference pairs: a chosen and a rejected answer. Known, and refused."""

    name: ClassVar[str] = "preference"
    title: ClassVar[str] = "preference pairs"
    asks: ClassVar[frozenset[str]] = frozenset()
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {"chosen": ("chosen",), "rejected": ("rejected",)}
    asked: ClassVar[frozenset[str]] = frozenset({"chosen", "rejected"})
    refusal: ClassVar[str] = (
        "which this version does not train on; to learn the chosen answers alone, write prompt and completion"
    )
