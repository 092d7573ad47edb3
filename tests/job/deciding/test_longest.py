"""The step of the longest rows, of whichever task of a mixture they are."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from overtone.core.example import Example
from overtone.engine.row import Row
from overtone.job.deciding.longest import longest_step
from overtone.job.deciding.mixed import few_others, mixed
from overtone.objectives.objective import Objective
from overtone.train.mixture import Mixture
from overtone.train.tune import Tuning, make_rows, objective_of, start
from tests.train.rows import labelled
from tests.train.test_mixture import mixed as mixture_of

BATCH = 4


def lengthened(rows: Sequence[Example], words: int) -> list[Example]:
    return [replace(row, text=row.text + " rain" * words) for row in rows]


def step_of(tuning: Tuning, own: list[Example]) -> tuple[list[Row], Objective]:
    """The rows of the step and the objective that takes it, where the probe trains on a few of all rows."""
    few, objective = few_others(tuning, 20.0), objective_of(tuning)
    artifact = start(few, objective)
    parts, whole = mixed(few, artifact, objective, make_rows(few, objective, few.train, "training"), [])
    rows, knowing = longest_step(tuning, parts, whole.objective, own)
    with torch.no_grad():
        assert knowing.loss(artifact.learner.train(), rows, tuning.task).units == len(rows)
    return rows, knowing


@pytest.mark.parametrize(("place", "longest"), [(0, "word"), (1, "size"), (2, "words")])
def test_the_longest_rows_of_any_task_make_the_step(
    small_base: Callable[[str], Path], place: int, longest: str
) -> None:
    tuning = mixture_of(small_base, batch_rows=BATCH, curriculum={"uncertainty": True})
    added = {name: 9 if name == longest else 1 for name in ("word", "size", "words")}
    tasks = [replace(one, train=lengthened(one.train, added[one.name])) for one in tuning.tasks]
    rows, knowing = step_of(replace(tuning, tasks=tasks), lengthened(labelled(8, 1), added["word"]))
    assert len(rows) == BATCH and min(row.size for row in rows) >= 9
    assert isinstance(knowing, Mixture) and {knowing._place[id(row)] for row in rows} == {place}


def test_a_single_task_keeps_its_objective(small_base: Callable[[str], Path]) -> None:
    tuning = replace(mixture_of(small_base, batch_rows=BATCH), tasks=[])
    rows, knowing = step_of(tuning, lengthened(labelled(8, 1), 9))
    assert not isinstance(knowing, Mixture)
    assert len(rows) == BATCH and min(row.size for row in rows) >= 9
