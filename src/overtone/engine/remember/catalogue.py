"""What is remembered on the disk, recipe by recipe, and how it is deleted."""

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.engine.remember.book import LEDGER, RECIPE
from overtone.engine.remember.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Entry:
    """The work of one recipe. `rows` were planned; `chunks` of them have their values on the disk now."""

    base: str
    kind: str
    settings: str
    rows: int
    chunks: int
    bytes: int
    hits: int
    misses: int
    folder: Path


def entries(folder: Path) -> list[Entry]:
    """Every recipe in a store's folder, by base and kind; one that cannot be read is shown without its counts."""
    folders = {path.parent for name in (RECIPE, LEDGER) for path in folder.glob(f"*/{name}")}
    return sorted(map(_entry, folders), key=lambda entry: (entry.base, entry.kind, entry.settings))


def clear(folder: Path, base: str | None = None) -> list[Entry]:
    """Delete what is remembered, of one base or of all; what was deleted. UserError where a base is unknown."""
    there = entries(folder)
    chosen = there if base is None else [entry for entry in there if entry.base == base]
    if base is not None and not chosen:
        known = sorted({entry.base for entry in there})
        told = f" Remembered: {', '.join(known)}." if known else " Nothing is remembered."
        raise UserError(f"nothing is remembered of a base called '{base}'.{nearest(base, known)}{told}")
    for entry in chosen:
        shutil.rmtree(entry.folder, ignore_errors=True)
    return chosen


def total(found: Sequence[Entry]) -> int:
    """Bytes of entries together."""
    return sum(entry.bytes for entry in found)


def _entry(folder: Path) -> Entry:
    described: dict[str, Any] = {}
    served = {"rows": 0, "hits": 0, "misses": 0}
    with contextlib.suppress(OSError, ValueError):
        described = json.loads((folder / RECIPE).read_text(encoding="utf-8"))
    with contextlib.suppress(OSError, sqlite3.Error):
        served = dict(Ledger(folder / LEDGER).served())
    sizes = {path.name: path.stat().st_size for path in folder.iterdir() if path.is_file()}
    return Entry(
        base=str(described.get("name", "unknown")),
        kind=str(described.get("kind", "unknown")),
        settings=", ".join(f"{key} {value}" for key, value in described.get("settings", {}).items()),
        chunks=sum(name.endswith(".safetensors") for name in sizes),
        bytes=sum(sizes.values()),
        folder=folder,
        **served,
    )
