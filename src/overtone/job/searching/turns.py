"""The turns in which a trial is judged: on the validation rows, or in folds of all rows but those for testing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from overtone.core.example import Example
from overtone.job.searching.rows import Rows
from overtone.search.folds import deal


@dataclass(frozen=True)
class Turn:
    """Rows to learn from and to be judged by, and the folder of what is trained."""

    rows: Rows
    folder: Path


def turns_of(rows: Rows, folder: Path, folds: int | None, seed: int) -> list[Turn]:
    """One turn, or one for each fold; UserError where the rows do not make so many folds."""
    if folds is None:
        return [Turn(rows, folder)]
    parts = deal([*rows.train, *rows.validation], folds, seed, bool(rows.labels))
    return [
        Turn(replace(rows, train=_without(parts, place), validation=part), folder / f"fold-{place}")
        for place, part in enumerate(parts)
    ]


def _without(parts: Sequence[Sequence[Example]], place: int) -> list[Example]:
    """The rows of all parts but one."""
    return [row for other, part in enumerate(parts) if other != place for row in part]
