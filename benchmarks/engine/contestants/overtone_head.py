"""Overtone's search for a head over a frozen body: every fit asks for its features as if it were the first."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "Overtone"
STRENGTHS, FOLDS, LABELS = 20, 5, ("first", "second", "third")
LIMIT = 2 * 10**9  # bytes of the store


def work(job: Job, watch: Stopwatch) -> None:
    """A step is a whole search; its notes say what extraction and fits take by themselves."""
    from overtone.models.base import load_base

    base = load_base(job.model)
    watch.loaded()
    rows = [row.prompt for row in job.rows]
    for _ in range(job.steps):
        watch.begin()
        with tempfile.TemporaryDirectory() as folder:
            computed = _search(base, rows, Path(folder))
        watch.end()
        watch.tell(notes={"computed": computed, **_parts(base, rows)})


def _search(base: Any, rows: list[Any], folder: Path) -> int:
    """All fits with features from a store; how many rows were computed."""
    from overtone.engine.remember import Store, remembering

    store = Store(folder, LIMIT)
    features = _features(base)
    with remembering(store):
        for kept in _folds(len(rows)):
            for strength in _strengths():
                _fit(strength, features.of([rows[index] for index in kept]).numpy(), kept)
    return store.account.computed


def _parts(base: Any, rows: list[Any]) -> dict[str, float]:
    """CPU seconds of one extraction, and of the same fits with their features at hand."""
    begun = time.process_time()
    features = _features(base).of(rows).numpy()
    extracted = time.process_time()
    for kept in _folds(len(rows)):
        for strength in _strengths():
            _fit(strength, features[kept], kept)
    return {"extraction": extracted - begun, "fits": time.process_time() - extracted}


def _features(base: Any) -> Any:
    from overtone.engine.features import FrozenFeatures

    return FrozenFeatures(base.description.name, base.model, "mean")


def _fit(strength: float, features: Any, kept: list[int]) -> None:
    """Labels go round: what is learned does not matter for time."""
    import numpy as np

    from overtone.classical.fit import fit_linear, logistic_regression

    fit_linear(
        logistic_regression, strength, features, np.eye(len(LABELS))[np.array(kept) % len(LABELS)], LABELS
    )


def _folds(rows: int) -> list[list[int]]:
    """The training rows of each fold."""
    return [[row for row in range(rows) if row % FOLDS != fold] for fold in range(FOLDS)]


def _strengths() -> list[float]:
    return [10 ** (-4 + 6 * number / (STRENGTHS - 1)) for number in range(STRENGTHS)]
