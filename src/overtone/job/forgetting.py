"""What a tuning cost: the general probe before and after it, and every stage's task after every stage.

The matrix is that of Lopez-Paz and Ranzato 2017, "Gradient Episodic Memory for Continual Learning", arXiv 1706.08840,
section 2: a row for each state of the model (as it was, then after each stage), a column for each task.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from overtone.core.example import Example
from overtone.core.score import Score
from overtone.engine.column import as_before
from overtone.engine.learner import Learner
from overtone.evaluate.metric import metric_of
from overtone.evaluate.scores import score
from overtone.evaluate.statistics.bca import bca
from overtone.job.stages import Part
from overtone.models.base import Base, load_base
from overtone.objectives.preference import Preference
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.general import Probed, probe, similarity, text_values

READ, WRITTEN = (
    200,
    32,
)  # most rows that a cell is judged on, where answers are read off, and where they are written
LEAST = -20.0  # nats a byte, below every likelihood that is met


@dataclass(frozen=True)
class State:
    """The model at one time: the body, and after a stage its artifact."""

    base: Base
    artifact: Artifact | None = None


def forgetting_of(
    parts: Sequence[Part], places: Sequence[Path], last: Artifact, base: str, seed: int
) -> dict[str, Any]:
    """Plain values for the report: `general`, the `lineage` of a staged model, and the `matrix` where there is one."""
    found: dict[str, Any] = {"lineage": [one.model_dump(mode="json") for one in last.card.history]}
    tuned = [load_artifact(place) for place in places[:-1]] + [last]
    if not any(part.stage.method.learning_rate for part in parts):
        return {**found, "untouched": last.card.method.name}
    untuned = load_base(base)
    found["general"] = _general(probe(untuned), probe(last.base))
    # How likely a text is can be asked of a decoder alone.
    asked_of = [part.task.asks != "score" or last.base.description.kind == "decoder" for part in parts]
    columns = [
        place for place, part in enumerate(parts) if asked_of[place] and (part.own or part is parts[-1])
    ]
    if len(columns) > 1:
        states = [State(untuned), *(State(one.base, one) for one in tuned)]
        asked, trained = [parts[place] for place in columns], [tuned[place] for place in columns]
        found["matrix"] = {"own": [1 + place for place in columns], **_matrix(asked, trained, states, seed)}
    return found


def _general(before: Probed, after: Probed) -> dict[str, Any]:
    alike = None
    if before.features is not None and after.features is not None:
        alike = similarity(before.features, after.features)
    return {"kind": before.kind, "before": before.values, "after": after.values, "similarity": alike}


def _matrix(
    parts: Sequence[Part], trained: Sequence[Artifact], states: Sequence[State], seed: int
) -> dict[str, Any]:
    """Names and units of the tasks, and a row of scores for each state."""
    cells = [
        [_cell(part, artifact, state, seed) for part, artifact in zip(parts, trained, strict=True)]
        for state in states
    ]
    return {
        "tasks": [_name(part) for part in parts],
        "metrics": [_metric(part) for part in parts],
        "cells": [[asdict(one) if one else None for one in row] for row in cells],
    }


def _name(part: Part) -> str:
    """The task and the file of its rows."""
    return f"{part.task.name} ({Path(part.stage.data.train).stem})" if part.stage.data else part.task.name


def _metric(part: Part) -> str:
    return "log-probability a byte" if part.task.asks == "score" else metric_of(part.task.metric).heading


def _cell(part: Part, trained: Artifact, state: State, seed: int) -> Score | None:
    """How well a state does a task; None where it has no head for it yet."""
    state = replace(state, base=replace(state.base, model=as_before(state.base.model, trained.base.model)))
    if part.task.asks == "score":
        return _likelihood(part.held[:READ], state.base, seed)
    system = _system(trained, state)
    if system is None:
        return None
    metric = metric_of(part.task.metric)
    judged = [row for row in part.held if metric.judges(row)]
    rows = judged[: WRITTEN if part.task.asks == "generate" else READ]
    return (
        score(metric, rows, system.answer([row.question for row in rows]), part.task, seed) if rows else None
    )


def _likelihood(rows: Sequence[Example], base: Base, seed: int) -> Score | None:
    values = np.array(
        [one for one in text_values(base, [row.text or row.input for row in rows]) if one is not None]
    )
    if not len(values):
        return None
    return Score(float(values.mean()), *bca(values, seed, LEAST, 0.0), len(values))


def _system(trained: Artifact, state: State) -> Any:
    """The body of a state with the head that its task's own stage learned; pairs are judged by likelihood alone.

    Before that stage there is a head only where the state has one for the same labels.
    """
    head, card, learner = trained.learner.head, trained.card, trained.learner
    if isinstance(card.objective, Preference) and head is None:
        card = card.model_copy(update={"objective": None})
    if head is not None and not _follows(trained, state):
        own = state.artifact
        if own is None or own.learner.head is None or own.card.labels != card.labels:
            return None
        head = own.learner.head
    body = Learner(state.base.model, head, learner.pooling, learner.name).eval()
    return replace(trained, card=card, base=state.base, learner=body).system()


def _follows(trained: Artifact, state: State) -> bool:
    """Whether a state is that after a stage, or a later one."""
    return state.artifact is not None and len(state.artifact.card.lineage) >= len(trained.card.lineage)
