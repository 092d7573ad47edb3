"""Forgetting and transfer over a sequence of tasks, from the matrix of scores after each stage.

Lopez-Paz and Ranzato 2017, "Gradient Episodic Memory for Continual Learning", arXiv 1706.08840, section 2: backward
and forward transfer. Chaudhry et al. 2018, "Riemannian Walk for Incremental Learning", arXiv 1801.10112, section 3.2:
average forgetting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

Values = Sequence[Sequence[float | None]]


@dataclass(frozen=True)
class Transfer:
    """Means over the tasks where each can be measured; None where it can be for no task."""

    forgetting: float | None
    backward: float | None
    forward: float | None


def transfer_of(values: Values, own: Sequence[int]) -> Transfer:
    """From scores with a row for the untuned model and one for each stage, and a column for each task.

    `own` is the row right after each task's own stage.
    """
    columns = list(zip(*values, strict=True))
    ended = [(column, stage) for column, stage in zip(columns, own, strict=True) if stage < len(values) - 1]
    forgotten = [
        max(one for one in column[stage:-1] if one is not None) - column[-1]
        for column, stage in ended
        if column[-1] is not None and column[stage] is not None
    ]
    backward = [
        column[-1] - column[stage]
        for column, stage in ended
        if column[-1] is not None and column[stage] is not None
    ]
    forward = [
        column[stage - 1] - column[0]
        for column, stage in zip(columns[1:], own[1:], strict=True)
        if column[stage - 1] is not None and column[0] is not None
    ]
    return Transfer(*(fmean(found) if found else None for found in (forgotten, backward, forward)))
