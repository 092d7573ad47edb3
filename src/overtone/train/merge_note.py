"""Beside merged weights: how far they are from a packed model that they were merged from, on general texts."""

from pathlib import Path

from overtone.core.settings import Settings
from overtone.models.base import Base, Precision
from overtone.train.general import Probed, probe

FILE = "merge.json"


class MergeNote(Settings):
    """What the adapter was learned on, and the largest difference of what both models make of a text."""

    learned_on: Precision
    merged_onto: Precision = "float32"
    largest_difference: float
    of: str
    texts: int


def write_note(learned_on: Precision, packed: Base, merged: Base, folder: Path) -> None:
    """Measure both models and write the note."""
    before, after = probe(packed), probe(merged)
    of = {"text": "log-probability a byte", "features": "a number of the features"}[before.kind]
    gap, texts = _largest(before, after)
    note = MergeNote(learned_on=learned_on, largest_difference=gap, of=of, texts=texts)
    (folder / FILE).write_text(note.model_dump_json(indent=1), encoding="utf-8")


def _largest(before: Probed, after: Probed) -> tuple[float, int]:
    if before.features is not None and after.features is not None:
        return float((before.features - after.features).abs().max()), len(before.features)
    differences = [abs(one - two) for one, two in zip(before.values, after.values, strict=True)]
    return max(differences, default=0.0), len(differences)
