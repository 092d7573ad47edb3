"""What tells the best validation where a stage asks for the task's metric, on the few rows of a probe."""

import math
from collections.abc import Callable
from dataclasses import replace

from overtone.models.text import encode_plain
from overtone.train.artifact import Artifact
from overtone.train.measured import measured
from overtone.train.tune import Tuning


def measured_few(tuning: Tuning, artifact: Artifact, most: int) -> Callable[[], float] | None:
    """The metric over so many validation rows, answered at the wanted length: an untrained model finds no end."""
    rows = tuning.validation[:most]
    wanted = [len(encode_plain(tuning.base, row.completion)) for row in rows if row.completion]
    task = artifact.card.task
    if wanted and "max_tokens" in type(task).model_fields:
        task = task.model_copy(update={"max_tokens": math.ceil(sum(wanted) / len(wanted)) + 1})
    card = artifact.card.model_copy(update={"task": task})
    return measured(tuning.stage, tuning.measure, replace(artifact, card=card), rows)
