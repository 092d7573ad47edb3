"""Frozen features of labelled rows for the classical models, and the systems made from these models."""

from collections.abc import Mapping
from dataclasses import dataclass

from overtone.classical.choose import Progress, Rows
from overtone.classical.classifier import FeatureClassifier, Model
from overtone.classical.linear import targets
from overtone.core.event import Event
from overtone.decide.rival import Materials


@dataclass(frozen=True)
class FrozenRows:
    """Vectors and wanted labels of training and validation rows, and the seconds that an earlier taker spared."""

    train: Rows
    validation: Rows
    spared_seconds: float

    @property
    def count(self) -> int:
        """How many rows a model is refitted on."""
        return len(self.train.wanted) + len(self.validation.wanted)


def frozen_rows(materials: Materials) -> FrozenRows:
    """The rows' vectors, embedded once for all who take them."""
    train, validation, spared = materials.row_vectors.take()
    wanted = [
        targets([row.labels for row in rows], materials.labels)
        for rows in (materials.train, materials.validation)
    ]
    return FrozenRows(Rows(train, wanted[0]), Rows(validation, wanted[1]), spared)


def frozen_classifier(
    materials: Materials, model: Model, facts: Mapping[str, float | str]
) -> FeatureClassifier:
    """A system that embeds a text as the rows were embedded and lets the model sort it."""
    from overtone.engine.features import embed
    from overtone.models.text import encode_text

    base = materials.base()
    system = FeatureClassifier(
        lambda texts: embed(base, texts), model, lambda text: len(encode_text(base, text))
    )
    system.facts |= facts
    return system


def progress_of(materials: Materials, key: str) -> Progress:
    """Tells how many fits of a rival are done."""
    return lambda done, total: materials.watch(Event(f"prepare {key}", done, total))
