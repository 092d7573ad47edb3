"""One fold: every rival learns from the other folds' rows and answers this one's."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from overtone.core.event import Event, Watch
from overtone.data.concerns import classes_of
from overtone.data.load import Data
from overtone.decide.measure import measure_all
from overtone.decide.measured import Measured
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.job.folding.inner import search_fold
from overtone.job.searching.rows import Rows, make_materials
from overtone.job.searching.tuning import CHECKPOINTS, trial_tuner
from overtone.job.store import FolderStore
from overtone.job.system_prompt import with_system_prompt
from overtone.plan import Plan
from overtone.search.folds import Fold

SEARCHED = "searched"  # the candidate whose settings were searched inside the fold
CANDIDATES = "candidates"


@dataclass(frozen=True)
class Folding:
    """What all folds share. `plan` is as in its file, but for its base's lasting name; then with its defaults."""

    plan: Plan
    resolved: Plan
    data: Data
    folder: Path
    nested: bool
    watch: Watch


def measure_fold(folding: Folding, number: int, fold: Fold) -> list[Measured]:
    """What every rival answers to the fold's rows; finished ones are loaded, and trained models are not kept."""
    data, folder = folding.data, folding.folder / f"fold-{number}"
    labels = tuple(sorted(classes_of(fold.train))) if data.labels else ()
    rows = Rows(fold.train, fold.validation, labels, data.documents)
    part = _Part(fold, rows, folder, partial(_named, folding.watch, number))
    measured = part.measure(folding.resolved, folding.resolved.decide.rivals or [])
    if folding.nested:
        best = search_fold(folding.plan, rows, folder / "search", part.watch)
        measured += part.measure(best, [FineTune(label=SEARCHED)])
    return measured


@dataclass(frozen=True)
class _Part:
    fold: Fold
    rows: Rows
    folder: Path
    watch: Watch

    def measure(self, plan: Plan, rivals: Sequence[Rival]) -> list[Measured]:
        folder = self.folder / CANDIDATES
        materials = make_materials(
            plan, self.rows, folder, self.watch, partial(trial_tuner, self.rows.labels)
        )

        def finished(measured: Measured, _: object) -> None:
            shutil.rmtree(folder / measured.key, ignore_errors=True)
            shutil.rmtree(folder / CHECKPOINTS / measured.key, ignore_errors=True)

        test = [with_system_prompt(row, plan.task) for row in self.fold.test]
        return measure_all(rivals, materials, test, FolderStore(self.folder), finished, alone=False)


def _named(watch: Watch, number: int, event: Event) -> None:
    watch(Event(f"fold {number + 1}: {event.phase}", event.done, event.total, event.numbers, event.message))
