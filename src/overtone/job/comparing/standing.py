"""How a finished run stands: its frozen test rows, and what its systems answered to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.score import Score
from overtone.core.task import Task
from overtone.data.stored import from_lines
from overtone.decide.measured import Measured, read_measured
from overtone.evaluate.metric import Metric, metrics_for
from overtone.evaluate.report.contents import Contents, from_plain
from overtone.evaluate.scores import score
from overtone.job.store import FolderStore
from overtone.plan import check_plan
from overtone.runs.run import Run

ROWS = "test.jsonl"  # the test rows that scores rest on


@dataclass(frozen=True)
class Standing:
    """A run on its clean test rows; `key` is the system that it stands for."""

    name: str
    started: str
    base: str
    task: Task
    seed: int
    report: Contents
    rows: Mapping[str, Example]  # by content id
    answers: Mapping[str, Mapping[str, Answer]]  # of each system, by the id of the row
    key: str
    tuned: str | None  # the best tuned system
    untuned: str | None  # the best system without tuning
    languages: Mapping[
        str, float
    ]  # learned from, each with the share of its rows; empty where the plan names none

    @property
    def title(self) -> str:
        """How tables call the system it stands for."""
        return self.heading(self.key)

    def heading(self, key: str) -> str:
        """How tables call a system of this run."""
        return next(system.title for system in self.report.systems if system.name == key)

    @cached_property
    def metric(self) -> Metric:
        """The deciding metric."""
        return metrics_for(self.task, list(self.rows.values()))[0]

    def given(self, key: str, ids: Sequence[str]) -> list[Answer]:
        """What a system answered to these rows."""
        return [self.answers[key][row] for row in ids]

    def score(self, key: str) -> Score:
        """A system's score by the deciding metric, on all of the run's clean rows."""
        return score(
            self.metric, list(self.rows.values()), self.given(key, list(self.rows)), self.task, self.seed
        )


def stand(run: Run) -> Standing:
    """How a run stands; UserError where it is not finished or was made before test rows were kept."""
    report = from_plain(run.report)
    store = FolderStore(run.folder)
    lines = store.read(ROWS)
    if lines is None:
        raise UserError(
            f"{run.folder} keeps no test rows ({ROWS}), so nothing can be compared; run its plan again."
        )
    plan = check_plan(run.plan, f"{run.folder}/plan.yaml")
    rows = {row.id: row for row in from_lines(lines)}
    measured = [_measured(run, store, system.name) for system in report.systems]
    metric = report.deciding.name
    ranked = sorted(report.systems, key=lambda system: -system.scores[metric].value)
    tuned = next((system.name for system in ranked if system.kind == "tuned"), None)
    return Standing(
        name=run.name,
        started=run.state.started,
        base=plan.base,
        task=plan.task,
        seed=plan.seed,
        report=report,
        rows=rows,
        answers={one.key: _by_row(one, rows) for one in measured},
        key=tuned or report.best,
        tuned=tuned,
        untuned=next((system.name for system in ranked if system.kind != "tuned"), None),
        languages=plan.data.languages.train if plan.data.languages else {},
    )


def _measured(run: Run, store: FolderStore, key: str) -> Measured:
    found = read_measured(key, store)
    if found is None:
        raise UserError(
            f"{run.folder} has lost the answers of '{key}' (answers/{key}.jsonl); run its plan again."
        )
    return found


def _by_row(measured: Measured, rows: Mapping[str, Example]) -> dict[str, Answer]:
    return {row: answer for row, answer in zip(measured.ids, measured.answers, strict=True) if row in rows}
