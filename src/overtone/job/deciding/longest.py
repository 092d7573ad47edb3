"""The step of a training that takes most memory: rows of like length share one, and some share it with the longest."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.core.example import Example
from overtone.engine.row import Row
from overtone.job.deciding.in_turn import characters
from overtone.objectives.objective import Objective
from overtone.train.mixture import Mixture, TaskPart
from overtone.train.teacher import prepared
from overtone.train.tune import Tuning, make_rows

TOO_LONG = 8  # steps' worth of the longest rows that are looked through for those that the base reads


def longest_step(
    tuning: Tuning, parts: Sequence[TaskPart], objective: Objective, own: Sequence[Example]
) -> tuple[list[Row], Objective]:
    """The rows of the step with the most tokens, of one task alone, and the objective that knows them.

    `parts` are the probed tasks, of which `objective` trains the few rows; `tuning` has all rows of the further ones,
    and `own` are the longest of its own.
    """
    tunings = [tuning, *(replace(tuning, task=one.task, labels=one.labels) for one in tuning.tasks)]
    ordered = [own, *(longest_first(one.train) for one in tuning.tasks)]
    steps = [_fitting(asked, part.kind.objective, rows) for asked, part, rows in zip(tunings, parts, ordered)]
    place = max(range(len(steps)), key=lambda place: sum(row.size for row in steps[place]))
    asked = tunings[place]
    rows, _ = prepared(parts[place].kind.objective, tuning.base, asked.task, asked.labels, (steps[place], ()))
    if len(parts) == 1:
        return rows, objective
    known = [
        replace(part, rows=[*part.rows, *rows]) if at == place else part for at, part in enumerate(parts)
    ]
    return rows, Mixture.of(known)


def longest_first(rows: Sequence[Example]) -> list[Example]:
    """Rows by their length, the longest first."""
    return sorted(rows, key=lambda row: (-characters([row]), row.id))


def _fitting(tuning: Tuning, objective: Objective, longest: Sequence[Example]) -> list[Row]:
    """As many as a step has of the longest rows that the base reads."""
    most, rows = tuning.stage.batch_rows * tuning.stage.accumulate, list[Row]()
    for first in range(0, most * TOO_LONG, most):
        if len(rows) < most:
            rows += make_rows(tuning, objective, longest[first : first + most], "longest")
    return rows[:most]
