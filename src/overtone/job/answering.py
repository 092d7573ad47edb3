"""A tuned model's answers to rows as it stands in memory, and what the task's metric says of them."""

from collections.abc import Sequence
from typing import Any

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.decide.measure import CHUNK
from overtone.evaluate.metric import deciding
from overtone.evaluate.scores import value
from overtone.train.artifact import Artifact


def answers_of(artifact: Artifact, rows: Sequence[Example]) -> list[Answer]:
    """A model's answers as it stands, in chunks."""
    system: Any = artifact.system()
    found: list[Answer] = []
    for start in range(0, len(rows), CHUNK):
        found += system.answer([row.question for row in rows[start : start + CHUNK]])
    return found


def metric_of_answers(task: Task, artifact: Artifact, rows: Sequence[Example]) -> float:
    """The deciding metric of a model's answers as it stands."""
    return value(deciding(task), rows, answers_of(artifact, rows), task)
