"""Try several bases on one plan's rows; the test rows are not looked at."""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.data.load import Data
from overtone.decide.rival import Materials
from overtone.job.base_name import base_of
from overtone.job.bases.sections import choosing
from overtone.job.bases.trial import Trial, try_base
from overtone.job.found import Found
from overtone.job.main import read_data
from overtone.job.tuner import Tuner
from overtone.models.base import load_base
from overtone.models.describe import describe
from overtone.models.locate import refuse_unknown
from overtone.plan import Plan

HELD = 5  # one training row in so many chooses the settings of heads, so that validation rows can judge


def try_bases(plan: Plan, plan_folder: Path, candidates: Sequence[str], watch: Watch) -> Found:
    """Each candidate, the plan's own base among them, described, timed and judged on the validation rows.

    UserError where a candidate is unknown, before any is loaded.
    """
    names = list(dict.fromkeys(base_of(name, plan_folder) for name in (plan.base, *candidates)))
    for name in names:
        refuse_unknown(name)
    descriptions = [describe(name) for name in names]
    data = read_data(plan, plan_folder)
    if not data.validation:
        raise UserError("no validation row is left to judge bases on; name data.validation in the plan")
    trials: list[Trial] = []
    for place, description in enumerate(descriptions):
        watch(Event("base", place, len(descriptions), message=description.name))
        trials.append(try_base(description, _materials(plan, data, watch), data))
    return Found(
        f"Bases for {plan.name or 'the plan'}", choosing(trials, data.validation, plan.task, plan.seed)
    )


def _materials(plan: Plan, data: Data, watch: Watch) -> Materials:
    """What rivals may learn from: the training rows alone, a part of them held out."""
    train, held = hold_out(data.train)
    return Materials(
        task=plan.task,
        train=train,
        validation=held,
        labels=data.labels,
        documents=data.documents,
        base=cache(lambda: load_base(plan.base)),
        tune=Tuner(plan.base, plan.task, data.labels, plan.seed, Path()),
        stages=plan.stages,
        folder=Path(),
        seed=plan.seed,
        watch=watch,
    )


def hold_out(rows: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Rows to learn from and rows held out, by their content ids, whatever their order."""
    drawn = [int.from_bytes(hashlib.blake2b(row.id.encode(), digest_size=8).digest(), "big") for row in rows]
    kept = [row for row, number in zip(rows, drawn) if number % HELD]
    held = [row for row, number in zip(rows, drawn) if not number % HELD]
    return (kept, held) if kept and held else (list(rows), list(rows[:1]))
