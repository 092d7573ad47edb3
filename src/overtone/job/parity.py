"""The parity check of a run: trained = reloaded = merged = served, on the same rows, before success is said."""

import secrets
import urllib.error
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from overtone.core.answer import System
from overtone.core.example import Example
from overtone.job.candidate import (
    REFERENCES_FILE,
    SAY,
    References,
    artifact_folder,
    read_references,
    references_file,
)
from overtone.job.numbers import (
    Post,
    Rows,
    poster,
    served_choice_log_probabilities,
    served_class_probabilities,
    served_log_probabilities,
    served_predicted_numbers,
    served_preferences,
    served_text_numbers,
)
from overtone.parity.compare import Place, compare
from overtone.serve.server import build_app, running
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.predictors import PREDICTORS

ALLOWED = 1e-4  # of a probability or a log-probability, where arithmetic may be ordered otherwise
SAY_SERVED: dict[str, Callable[[Any, Sequence[Example], Post], Rows]] = {
    "classify": served_class_probabilities,
    "generate": served_log_probabilities,
    "prefer": served_preferences,
    "score": served_text_numbers,
    "choose": served_choice_log_probabilities,
    **dict.fromkeys(PREDICTORS, served_predicted_numbers),
}


def check_parity(candidate: Path, name: str) -> list[Place]:
    """Each place held against what the model in memory said when its training ended."""
    folder = artifact_folder(candidate)
    assert folder is not None
    reloaded = load_artifact(folder)
    merged = load_artifact(folder, merged=True) if reloaded.card.merges_alike else None
    places = _compared(read_references(candidate / REFERENCES_FILE), reloaded, merged, name)
    for task in (one.name for one in reloaded.card.tasks):
        references = read_references(candidate / references_file(task))
        found = _compared(references, reloaded.under(task), merged and merged.under(task), name)
        places += [replace(place, name=f"{task}: {place.name}") for place in found]
    return places


def _compared(references: References, reloaded: Artifact, merged: Artifact | None, name: str) -> list[Place]:
    """Each place of one task."""
    asks, system = reloaded.card.task.asks, reloaded.system()
    say = SAY[asks]
    places = [
        compare("reloaded from disk", references.numbers, lambda: say(system, references.examples), 0.0)
    ]
    places.append(
        compare(
            "served over HTTP", references.numbers, lambda: _served(asks, system, references, name), ALLOWED
        )
    )
    if merged is not None:
        whole = merged.system()
        places.insert(
            1, compare("merged", references.numbers, lambda: say(whole, references.examples), ALLOWED)
        )
    return places


def _served(asks: str, system: System, references: References, name: str) -> Rows:
    """The numbers over HTTP, from a server on a free loopback port with a key of its own; none where it fails."""
    key = secrets.token_urlsafe(16)
    say = SAY_SERVED[asks]
    with running(build_app({name: system}, key)) as url:
        try:
            return say(system, references.examples, poster(url, name, key))
        except urllib.error.HTTPError:
            return []
