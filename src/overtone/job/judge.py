"""Judge a run's published model on other rows, with intervals, in the shape of a report."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from overtone.core.answer import Answer, System
from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.data.examples import Examples, read_examples
from overtone.decide.measure import CHUNK
from overtone.decide.measured import Measured
from overtone.evaluate.judges.keeping import keeping
from overtone.evaluate.report.contents import Contents, DataAccount, MetricName, SystemResult, to_plain
from overtone.job.prove import prove
from overtone.job.system_prompt import with_system_prompt
from overtone.plan import Plan
from overtone.runs.run import Run
from overtone.runs.state import now


def judge(run: Run, plan: Plan, file: Path, system: System, watch: Watch) -> dict[str, Any]:
    """Scores of one model on the rows of a file; UserError where the file holds no usable row."""
    found = read_examples(file, plan.task, plan.data)
    if not found.kept:
        raise UserError(f"{file}: no row is left to judge the model on; all {found.read} were dropped")
    rows = [with_system_prompt(row, plan.task) for row in found.kept]
    _refuse_foreign_labels(file, rows, system)
    measured = _measure(run.name, rows, system, watch)
    with keeping(run.folder):
        proof = prove(plan.task, rows, frozenset(), [measured], plan.seed)
    result = SystemResult(
        name=run.name,
        title=run.name,
        kind="tuned",
        scores=proof.scores[run.name],
        seconds_per_answer=measured.seconds_per_answer,
        failed=measured.errors,
    )
    contents = Contents(
        run=run.name,
        date=now(),
        task=plan.task.in_words(len(getattr(system, "labels", ()))),
        base=plan.base,
        metrics=tuple(MetricName(metric.key, metric.heading) for metric in proof.metrics),
        systems=(result,),
        best=run.name,
        verdict=proof.verdict.sentences[:2] if plan.task.bar is not None else proof.verdict.sentences[:1],
        data=_account(found),
        reached=proof.verdict.reached,
        bar=plan.task.bar,
        warnings=(found.reading.sentence, *_unknown_labels(rows, system)),
    )
    return to_plain(contents)


def _measure(name: str, rows: Sequence[Example], system: System, watch: Watch) -> Measured:
    begun = time.perf_counter()
    answers: list[Answer] = []
    for start in range(0, len(rows), CHUNK):
        answers += system.answer([row.question for row in rows[start : start + CHUNK]])
        watch(Event("evaluate", len(answers), len(rows)))
    seconds = time.perf_counter() - begun
    ids = tuple(row.id for row in rows)
    return Measured(name, name, "tuned", True, ids, tuple(answers), 0.0, seconds, 0.0)


def _account(found: Examples) -> DataAccount:
    causes = Counter(row.cause for row in found.dropped)
    return DataAccount(found.read, len(found.kept), dict(causes), 0, 0, len(found.kept))


def _refuse_foreign_labels(file: Path, rows: Sequence[Example], system: System) -> None:
    """Refuse a file of which no row carries a label that the model can give: it is of another task."""
    known = getattr(system, "labels", None)
    found = sorted({label for row in rows for label in row.labels})
    if known and not set(found) & set(known):
        raise UserError(
            f"{file}: no row carries a label that the model was taught; it knows {_named(sorted(known))}, the rows "
            f"carry {_named(found)}. Give rows of the task that the run was made for."
        )


def _named(labels: Sequence[str]) -> str:
    return ", ".join(f"'{label}'" for label in labels[:5]) + ", ..." * (len(labels) > 5)


def _unknown_labels(rows: Sequence[Example], system: System) -> list[str]:
    """A sentence where rows want a label that the model cannot give; such rows count as wrong."""
    known = getattr(system, "labels", None)
    unknown = sorted({label for row in rows for label in row.labels if known and label not in known})
    if not unknown:
        return []
    count = sum(not known or not set(row.labels) <= set(known) for row in rows)
    return [
        f"{count} of {len(rows)} rows carry a label that the model was never taught ({_named(unknown)}) and count as "
        "wrong."
    ]
