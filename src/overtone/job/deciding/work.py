"""A plan's work in its run folder: where everything is kept and what every step is handed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from shutil import rmtree

from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.data.load import Data
from overtone.decide.measure import measure_all
from overtone.decide.measured import Measured
from overtone.decide.rival import Materials, Rival
from overtone.job.store import FolderStore
from overtone.job.tuner import Tuner
from overtone.models.base import load_base
from overtone.plan import Plan
from overtone.runs.run import Run

CANDIDATES, REPEATS = "candidates", "repeats"


@dataclass(frozen=True)
class Work:
    """One plan with its rows in its run; `watch` hears and records all that is done."""

    plan: Plan
    data: Data
    run: Run
    watch: Watch

    @property
    def rivals(self) -> Sequence[Rival]:
        """The rivals that are measured."""
        return self.plan.decide.rivals or ()

    @property
    def candidates(self) -> Path:
        """The folder of the tuned candidates."""
        return self.run.folder / CANDIDATES

    @cached_property
    def tuner(self) -> Tuner:
        """Trains the candidates."""
        plan, data = self.plan, self.data
        test = [row for row in data.test if row.id not in data.leaked]
        return Tuner(plan.base, plan.task, data.labels, plan.seed, self.run.checkpoints, test=test)

    @cached_property
    def materials(self) -> Materials:
        """What the rivals prepare themselves from."""
        return Materials(
            task=self.plan.task,
            train=self.data.train,
            validation=self.data.validation,
            labels=self.data.labels,
            documents=self.data.documents,
            base=cache(lambda: load_base(self.plan.base)),
            tune=self.tuner,
            stages=self.plan.stages,
            folder=self.candidates,
            seed=self.plan.seed,
            watch=self.watch,
        )

    def repeat(self, tag: str, rival: Rival, materials: Materials, test: Sequence[Example]) -> Measured:
        """Measure a rival once more, or load what was measured under this tag.

        Nothing of it mixes with the run's own candidates, losses and answers; the model that it trains goes.
        """
        folder, checkpoints = self.run.folder / REPEATS / tag, self.run.checkpoints / REPEATS / tag
        tuner = replace(self.tuner, seed=materials.seed, checkpoints=checkpoints, references=False)
        apart = replace(materials, tune=tuner, folder=folder / CANDIDATES, watch=self._apart(tag))

        def finished(measured: Measured, _: object) -> None:
            rmtree(apart.folder / rival.key, ignore_errors=True)
            rmtree(checkpoints / rival.key, ignore_errors=True)

        (measured,) = measure_all([rival], apart, test, FolderStore(folder), finished, alone=False)
        return measured

    def _apart(self, tag: str) -> Watch:
        """Tells what a repetition does under its tag, without numbers: its losses are not those of the run."""

        def tell(event: Event) -> None:
            self.watch(replace(event, phase=f"{event.phase} ({tag})", numbers={}))

        return tell
