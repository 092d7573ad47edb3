"""A recipe run for measuring: the plan, its rows, the run's report, and which test rows each system got right."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from overtone import api
from overtone.core.answer import Answer
from overtone.core.event import Event
from overtone.data.load import Data
from overtone.decide.measured import read_measured
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.job.main import read_data
from overtone.job.resolve import resolve
from overtone.job.store import FolderStore
from overtone.models.describe import describe
from overtone.plan import Plan

RECIPES = Path(__file__).parents[1] / "recipes"
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class Recipe:
    """A recipe with its overrides; `folder` holds the runs."""

    name: str
    overrides: tuple[str, ...]
    folder: Path
    plans: Path = RECIPES  # where its file lies

    @property
    def path(self) -> Path:
        """The plan's file."""
        return self.plans / f"{self.name}.yaml"

    @cached_property
    def plan(self) -> Plan:
        """The checked plan with its rates written out."""
        plan = api.load_plan(self.path, self.overrides)
        return resolve(plan, describe(plan.base))

    @cached_property
    def data(self) -> Data:
        """The plan's rows."""
        return read_data(self.plan, self.path.parent)

    def run(self, name: str, *overrides: str) -> api.Result:
        """Run it, or take the result of a run of that name that is finished."""
        return api.run(self.path, (*self.overrides, *overrides), name, _tell, self.folder)

    def answers(self, run: Path, system: str) -> list[Answer]:
        """What a system of a run answered to each test row."""
        found = read_measured(system, FolderStore(run))
        assert found is not None, f"{run} has no answers of {system}"
        return list(found.answers)

    def right(self, answers: Sequence[Answer]) -> Any:
        """1 where a test row is answered rightly, else 0; rows that also stand in train are left out."""
        judged = Accuracy().rows(self.data.test, answers, self.plan.task)
        kept = [row.id not in self.data.leaked for row in self.data.test]
        return np.array(judged)[kept]


def make_recipe(name: str, folder: Path, rows: int | None = None, epochs: float | None = None) -> Recipe:
    """A recipe as it stands, or a small one for trying out: some rows of each file, some epochs."""
    overrides = [f"stages.0.epochs={epochs}"] if epochs else []
    if rows:
        data = api.load_plan(RECIPES / f"{name}.yaml").data
        files = {split: getattr(data, split) for split in SPLITS}
        overrides += [
            f"data.{split}={_sample(RECIPES / file, rows, folder / 'rows' / name / split)}"
            for split, file in files.items()
            if file
        ]
    return Recipe(name, tuple(overrides), folder)


def _sample(source: Path, rows: int, target: Path) -> Path:
    """Write some rows of a JSON Lines file, drawn with a fixed seed; the file's full path."""
    lines = source.read_text(encoding="utf-8").splitlines()
    target = target.with_suffix(".jsonl").resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        "\n".join(random.Random(0).sample(lines, min(rows, len(lines)))) + "\n", encoding="utf-8"
    )
    return target


def _tell(event: Event) -> None:
    if event.message:
        print(f"  {event.phase}: {event.message}", flush=True)
