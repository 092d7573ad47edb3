"""Judge a run's published model on other rows, with intervals, in the shape of a report."""

import time
from pathlib import Path
from typing import Any

from overtone.core.answer import Answer, System
from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.data.examples import read_examples
from overtone.decide.measure import CHUNK
from overtone.decide.measured import Measured
from overtone.evaluate.report.contents import Contents, DataAccount, MetricName, SystemResult, to_plain
from overtone.job.main import with_system_prompt
from overtone.job.prove import prove
from overtone.plan import Plan
from overtone.runs.run import Run
from overtone.runs.state import now


def judge(run: Run, plan: Plan, file: Path, system: System, watch: Watch) -> dict[str, Any]:
    """Scores of one model on the rows of a file; UserError where the file holds no usable row."""
    found = read_examples(file, plan.task, plan.data)
    if not found.kept:
        raise UserError(f"{file}: no row is left to judge the model on; all {found.read} were dropped")
    rows = [with_system_prompt(row, plan.task) for row in found.kept]
    begun = time.perf_counter()
    answers: list[Answer] = []
    for start in range(0, len(rows), CHUNK):
        answers += system.answer([row.question for row in rows[start : start + CHUNK]])
        watch(Event("evaluate", len(answers), len(rows)))
    seconds = time.perf_counter() - begun
    measured = Measured(
        run.name, run.name, "tuned", True, tuple(row.id for row in rows), tuple(answers), 0.0, seconds, 0.0
    )
    proof = prove(plan.task, rows, frozenset(), [measured], plan.seed)
    causes: dict[str, int] = {}
    for row in found.dropped:
        causes[row.cause] = causes.get(row.cause, 0) + 1
    contents = Contents(
        run=run.name,
        date=now(),
        task=plan.task.name,
        base=plan.base,
        metrics=tuple(MetricName(metric.name, metric.title) for metric in proof.metrics),
        systems=(
            SystemResult(
                name=run.name,
                title=run.name,
                kind="tuned",
                scores=proof.scores[run.name],
                seconds_per_answer=measured.seconds_per_answer,
                failed=measured.errors,
            ),
        ),
        best=run.name,
        verdict=proof.verdict.sentences[:2] if plan.task.bar is not None else proof.verdict.sentences[:1],
        data=DataAccount(found.read, len(rows), causes, 0, 0, len(rows)),
        reached=None if plan.task.bar is None else proof.verdict.bar == "reached",
        bar=plan.task.bar,
        warnings=(found.reading.sentence,),
    )
    return to_plain(contents)
