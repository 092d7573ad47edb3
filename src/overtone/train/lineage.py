"""Lineage: which trainings a model went through before its last one, and on what."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from overtone.core.example import Example
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.data.stored import to_lines
from overtone.methods.method import Method
from overtone.models.base import Precision
from overtone.objectives.objective import Objective


class Ancestor(Settings):
    """One training: from which base, by which method, to what end, on which rows."""

    base: str
    base_sha256: str
    task: Task
    method: Method
    objective: Objective | None = None
    precision: Precision = "float32"
    labels: tuple[str, ...] = ()
    rows: int = 0
    rows_sha256: str = ""


class Ancestors(Settings):
    """What `lineage.json` in a folder of plain weights holds: the oldest training first."""

    lineage: tuple[Ancestor, ...]


LINEAGE_FILE = "lineage.json"


def rows_digest(rows: Sequence[Example]) -> str:
    """A fingerprint of training rows as they were learned from, in their order."""
    return hashlib.sha256(to_lines(rows).encode()).hexdigest()


def write_lineage(lineage: Sequence[Ancestor], folder: Path) -> None:
    """Keep the lineage beside plain weights."""
    text = Ancestors(lineage=tuple(lineage)).model_dump_json(indent=1)
    (folder / LINEAGE_FILE).write_text(text, encoding="utf-8")


def read_lineage(base: str) -> tuple[Ancestor, ...]:
    """What a base went through, as far as its folder says; nothing for one that was not tuned here."""
    path = Path(base) / LINEAGE_FILE
    if not path.is_file():
        return ()
    return Ancestors.model_validate_json(path.read_text(encoding="utf-8")).lineage
