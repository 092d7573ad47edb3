"""A tuned candidate's folder: what it holds, and its references: what the trained model said, to be compared."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from overtone.core.errors import RunFailed
from overtone.core.example import Example
from overtone.data.stored import from_plain
from overtone.job.numbers import (
    Rows,
    answer_log_probabilities,
    answer_preferences,
    choice_log_probabilities,
    class_probabilities,
    predicted_numbers,
    text_numbers,
)
from overtone.objectives.objective import Objective
from overtone.runs.write import write_json
from overtone.train.artifact import Artifact
from overtone.train.predictors import PREDICTORS

REFERENCES = 16  # rows on which parity is checked
REFERENCES_FILE = "references.json"
SAY: dict[str, Callable[[Any, Sequence[Example]], Rows]] = {
    "classify": class_probabilities,
    "generate": answer_log_probabilities,
    "prefer": answer_preferences,
    "score": text_numbers,
    "choose": choice_log_probabilities,
    **dict.fromkeys(PREDICTORS, predicted_numbers),
}


@dataclass(frozen=True)
class References:
    """Rows, and the numbers that the model in memory gave for them right after its training."""

    examples: tuple[Example, ...]
    numbers: Rows


def references_file(task: str) -> str:
    """The file of the references of a further task of a mixture."""
    return f"references-{task}.json"


def take_references(artifact: Artifact, rows: Sequence[Example]) -> References:
    """Ask the trained model about the first rows by content id that fit its context."""
    system = artifact.system()
    say = SAY[artifact.card.task.asks]
    chosen: list[Example] = []
    for row in sorted(rows, key=lambda row: row.id):
        if len(chosen) < REFERENCES and _fits(artifact, row):
            chosen.append(row)
    return References(tuple(chosen), say(system, chosen))


def write_references(references: References, path: Path) -> None:
    """Store references; JSON keeps every bit of a float. RunFailed where the model gave a number that is none."""
    if not all(math.isfinite(number) for row in references.numbers for number in row):
        raise RunFailed(
            "the tuned model gives probabilities that are no numbers (NaN or infinite); do not use it. Lower "
            "learning_rate and run again under another name."
        )
    write_json(
        path, {"examples": [asdict(row) for row in references.examples], "numbers": references.numbers}
    )


def read_references(path: Path) -> References:
    """What `write_references` stored."""
    contents = json.loads(path.read_text(encoding="utf-8"))
    return References(tuple(map(from_plain, contents["examples"])), contents["numbers"])


def artifact_folder(candidate: Path) -> Path | None:
    """The folder of the candidate's finished artifact (`adapter` or `model`), if there is one."""
    return next((path.parent for path in sorted(candidate.glob("*/artifact.json"))), None)


def _fits(artifact: Artifact, row: Example) -> bool:
    """Whether all that is read and all that is wanted fit the context, as in training."""
    card, base = artifact.card, artifact.base
    objective = card.objective or Objective.usual(card.task, base.description.kind)
    return objective.row(row, base, card.task, card.labels).longest <= base.description.context
