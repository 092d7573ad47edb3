"""The systems that are measured: the published model, and what answered before tuning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from overtone.core.answer import Answer, System
from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.core.example import Example, Question
from overtone.decide.measure import CHUNK
from overtone.decide.measured import read_measured
from overtone.decide.rival import Rival
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.job.deciding.work import Work
from overtone.job.publish import load_system
from overtone.job.store import FolderStore
from overtone.runs.run import Run


@dataclass(frozen=True)
class Asked:
    """A system by its title; `known` holds answers that the run has kept, by the id of the row."""

    title: str
    system: System
    known: dict[str, Answer]
    watch: Watch

    def rows(self, rows: Sequence[Example]) -> list[Answer]:
        """Answers to test rows: those that the run kept, else asked for now."""
        if all(row.id in self.known for row in rows):
            return [self.known[row.id] for row in rows]
        return self.ask([row.question for row in rows], "test rows")

    def ask(self, questions: Sequence[Question], what: str) -> list[Answer]:
        """Answers to any questions, in order; `what` they are is told while they are asked."""
        answers: list[Answer] = []
        for start in range(0, len(questions), CHUNK):
            answers += self.system.answer(questions[start : start + CHUNK])
            self.watch(Event(f"safety {what}, {self.title}", len(answers), len(questions)))
        return answers


def systems(work: Work) -> tuple[Asked, Asked]:
    """Before tuning and after. UserError where the run has published nothing or measured nothing untuned."""
    report = work.run.report
    tuned = load_system(work.run.folder)
    after = next(one for one in _ranked(report) if one["kind"] == "tuned")
    rival = _untuned(work, report)
    work.watch(Event(f"prepare {rival.key}"))
    before = rival.prepare(replace(work.materials, watch=work.watch))
    return (
        Asked(f"before: {rival.heading}", before, _kept(work.run, rival.key), work.watch),
        Asked(f"after: {after['title']}", tuned, _kept(work.run, after["name"]), work.watch),
    )


def _untuned(work: Work, report: dict[str, Any]) -> Rival:
    """The base by the task's own prompt where answers are written, else the best rival without tuning."""
    if work.plan.task.asks == "generate":
        return next((one for one in work.rivals if isinstance(one, ZeroShot)), ZeroShot())
    known = {rival.key: rival for rival in work.rivals}
    best = next((one["name"] for one in _ranked(report) if one["kind"] == "rival"), None)
    if best not in known:
        raise UserError(
            f"{work.run.folder} measured no rival without tuning to compare with: add one, such as tfidf, to "
            "decide.rivals and run the plan again."
        )
    return known[best]


def _ranked(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The systems of a report, the best by the deciding metric first."""
    metric = report["metrics"][0]["name"]
    return sorted(report["systems"], key=lambda one: -one["scores"][metric]["value"])


def _kept(run: Run, key: str) -> dict[str, Answer]:
    """The answers that a run kept of a system."""
    found = read_measured(key, FolderStore(run.folder))
    return dict(zip(found.ids, found.answers, strict=True)) if found else {}
