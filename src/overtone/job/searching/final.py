"""The end of a search: its best plan and the plan as it was, both judged on test rows that chose nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from overtone.core.answer import Answer
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.data.load import Data
from overtone.decide.measure import measure_all
from overtone.decide.rivals.fine_tune import FineTune
from overtone.evaluate.metric import deciding
from overtone.evaluate.scores import compare, score
from overtone.job.searching.rows import make_materials, rows_of
from overtone.job.searching.trial import trial_folder
from overtone.job.searching.tuning import trial_tuner
from overtone.job.searching.values import with_values
from overtone.job.searching.work import Search
from overtone.job.store import FolderStore
from overtone.job.system_prompt import with_system_prompt
from overtone.plan import Plan
from overtone.search.optimism import optimism
from overtone.search.outcome import Outcome

Answers = Sequence[Answer]
ANSWERS = "answers"
TOLD = {"best": "the best", "plan": "the plan as it was"}


@dataclass(frozen=True)
class Judgement:
    """One plan's score on validation rows and on test rows."""

    validation: Score
    test: Score


@dataclass(frozen=True)
class Final:
    """The best trial's plan and the plan as it was; `gain` is best less plan on the test rows."""

    best: Judgement
    plan: Judgement
    gain: Comparison

    @property
    def optimism(self) -> Score:
        """Validation less test of the best."""
        return optimism(self.best.validation, self.best.test)


def prove_best(search: Search, best: Outcome, data: Data, watch: Watch) -> Final:
    """Score the best and the plan itself; what an interrupted command measured is loaded.

    Test rows that also stand in training are left out.
    """
    test = [row for row in data.test if row.id not in data.leaked] or list(data.test)
    tried = _Tried(search, data, test, watch)
    chosen = tried.judge("best", best.values, trial_folder(search.folder, best.number))
    own = tried.judge("plan", {}, search.folder / "plan")
    gain = compare(
        deciding(search.plan.task),
        test,
        chosen[1],
        own[1],
        search.plan.task,
        search.plan.seed,
    )
    return Final(chosen[0], own[0], gain)


@dataclass(frozen=True)
class _Tried:
    """Judges plans that differ in the values of a trial."""

    search: Search
    data: Data
    test: Sequence[Example]
    watch: Watch

    def judge(self, name: str, values: Mapping[str, Any], folder: Path) -> tuple[Judgement, Answers]:
        """Scores on validation and on test rows, and the answers to the latter."""
        plan = with_values(self.search.plan, values)
        validation, _ = self._answered(plan, name, "validation", self.data.validation, folder)
        test, answers = self._answered(plan, name, "test", self.test, folder)
        return Judgement(validation, test), answers

    def _answered(
        self, plan: Plan, name: str, part: str, examples: Sequence[Example], folder: Path
    ) -> tuple[Score, Answers]:
        rows = [with_system_prompt(row, plan.task) for row in examples]
        told = partial(_tell, self.watch, TOLD[name])
        tuner = partial(trial_tuner, self.data.labels)
        materials = make_materials(plan, rows_of(self.data), folder, told, tuner)
        store = FolderStore(self.search.folder / ANSWERS / f"{name}-{folder.name}" / part)
        measured = measure_all([FineTune()], materials, rows, store, lambda *_: None, alone=False)[0]
        metric = deciding(plan.task)
        return score(metric, rows, measured.answers, plan.task, plan.seed), measured.answers


def _tell(watch: Watch, name: str, event: Event) -> None:
    """Let the two plans' training be told apart."""
    watch(replace(event, phase=f"{name}: {event.phase}"))
