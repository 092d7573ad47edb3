"""What a probed training sees beside its own rows: a part of the further tasks, or of the files of its curriculum."""

import math
from collections.abc import Sequence
from dataclasses import replace

from overtone.core.example import Example
from overtone.engine.row import Row
from overtone.job.deciding.in_turn import in_turn
from overtone.objectives.objective import Objective
from overtone.train.artifact import Artifact
from overtone.train.joined import Joined, joined
from overtone.train.mixture import TaskPart
from overtone.train.together import Kind
from overtone.train.tune import Tuning, task_parts


def few_others(tuning: Tuning, of: float) -> Tuning:
    """With as small a part of the rows that its curriculum brings as the stage has of its own."""

    def few(rows: Sequence[Example]) -> Sequence[Example]:
        return in_turn(rows, max(2, math.ceil(len(rows) / of))) if of > 1 and rows else rows

    tasks = [replace(one, train=few(one.train), validation=few(one.validation)) for one in tuning.tasks]
    return replace(tuning, tasks=tasks, beside=[replace(one, train=few(one.train)) for one in tuning.beside])


def mixed(
    tuning: Tuning, artifact: Artifact, objective: Objective, rows: list[Row], held: list[Row]
) -> tuple[list[TaskPart], Joined]:
    """The tasks that are trained, each with its head, and all that the curriculum sees."""
    own = TaskPart("own", Kind(artifact.learner, objective, tuning.task), rows, held)
    if not tuning.tasks and not tuning.beside:
        return [own], Joined(rows, objective, tuning.stage, [])
    parts = task_parts(tuning, artifact, objective, rows, held)
    return parts or [own], joined(tuning.stage, artifact, objective, rows, tuning.beside, tuning.seed, parts)


def trained_alone(tuning: Tuning) -> bool:
    """Whether each task of a mixture is trained by itself too."""
    return bool(tuning.tasks) and getattr(tuning.stage.curriculum, "alone", False)


def waiting(tuning: Tuning, weights: int) -> float:
    """Megabytes of the shared model, of so many bytes, that waits while each task is trained by itself."""
    return weights / 1e6 if trained_alone(tuning) else 0.0
