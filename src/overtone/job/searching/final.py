"""The end of a search: its best plan and the plan as it was, both judged on test rows that chose nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
from overtone.job.searching.trial import judge_trial, trial_folder, watching_only
from overtone.job.searching.tuning import trial_tuner
from overtone.job.searching.values import with_values
from overtone.job.searching.work import Search
from overtone.job.store import FolderStore
from overtone.job.system_prompt import with_system_prompt
from overtone.runs.write import write_json
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
    assert best.score is not None
    chosen = tried.answered("best", best.values, trial_folder(search.folder, best.number))
    own = tried.answered("plan", {}, search.folder / "plan")
    gain = compare(
        deciding(search.plan.task),
        test,
        chosen[1],
        own[1],
        search.plan.task,
        search.plan.seed,
    )
    return Final(Judgement(best.score, chosen[0]), Judgement(tried.validated(), own[0]), gain)


@dataclass(frozen=True)
class _Tried:
    """Judges plans that differ in the values of a trial."""

    search: Search
    data: Data
    test: Sequence[Example]
    watch: Watch

    def validated(self) -> Score:
        """The score of the plan as it was, got as the trials got theirs."""
        kept = self.search.folder / ANSWERS / "plan-validation.json"
        if not kept.exists():
            plan, told = with_values(self.search.plan, {}), partial(_tell, self.watch, TOLD["plan"])
            rows, folder, folds = self.search.rows, self.search.folder / "plan", self.search.plan.search.folds
            found = judge_trial(plan, rows, folder, (), _unseen, told, folds).score
            kept.parent.mkdir(parents=True, exist_ok=True)
            write_json(kept, asdict(found))
        return Score(**json.loads(kept.read_text(encoding="utf-8")))

    def answered(self, name: str, values: Mapping[str, Any], judged: Path) -> tuple[Score, Answers]:
        """The score on test rows and the answers to them.

        `judged` is where the plan was trained to be judged by validation rows; it is trained anew if it learns from
        other rows than there.
        """
        plan = with_values(self.search.plan, values)
        same = self.search.plan.search.folds is None and watching_only(plan) == plan
        folder = judged if same else self.search.folder / "final" / name
        rows = [with_system_prompt(row, plan.task) for row in self.test]
        told = partial(_tell, self.watch, TOLD[name])
        tuner = partial(trial_tuner, self.data.labels)
        materials = make_materials(plan, rows_of(self.data), folder, told, tuner)
        store = FolderStore(self.search.folder / ANSWERS / f"{name}-{folder.name}")
        measured = measure_all([FineTune()], materials, rows, store, lambda *_: None, alone=False)[0]
        metric = deciding(plan.task)
        return score(metric, rows, measured.answers, plan.task, plan.seed), measured.answers


def _unseen(number: int, quality: float) -> None:
    """Nobody ends the plan as it was early."""


def _tell(watch: Watch, name: str, event: Event) -> None:
    """Let the two plans' training be told apart."""
    watch(replace(event, phase=f"{name}: {event.phase}"))
