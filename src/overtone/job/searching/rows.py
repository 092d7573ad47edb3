"""The rows that trials learn from and are judged by; test rows are never among them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from overtone.core.event import Watch
from overtone.core.example import Document, Example
from overtone.data.load import Data
from overtone.decide.rival import Materials, Tune
from overtone.job.system_prompt import with_system_prompt
from overtone.models.base import load_base
from overtone.plan import Plan


@dataclass(frozen=True)
class Rows:
    """Rows to train on and to judge by, as they lie in the files."""

    train: Sequence[Example]
    validation: Sequence[Example]
    labels: tuple[str, ...]
    documents: Sequence[Document]


def rows_of(data: Data) -> Rows:
    """The rows of a plan without its test rows."""
    return Rows(data.train, data.validation, data.labels, data.documents)


def make_materials(
    plan: Plan, rows: Rows, folder: Path, watch: Watch, tuner: Callable[[Plan, Path], Tune]
) -> Materials:
    """What rivals prepare themselves from; each conversation with the system prompt of this plan's task."""
    return Materials(
        task=plan.task,
        train=[with_system_prompt(row, plan.task) for row in rows.train],
        validation=[with_system_prompt(row, plan.task) for row in rows.validation],
        labels=rows.labels,
        documents=rows.documents,
        base=cache(lambda: load_base(plan.base)),
        tune=tuner(plan, folder),
        stages=plan.stages,
        folder=folder,
        seed=plan.seed,
        watch=watch,
    )
