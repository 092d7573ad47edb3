"""Two runs on the rows that both were judged on: the difference, whether it is one, and who changed sides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.score import Comparison, Score
from overtone.evaluate.scores import compare, correct, score
from overtone.job.comparing.standing import Standing

LEVEL = 0.05  # chance of a false alarm that is accepted


@dataclass(frozen=True)
class Paired:
    """A run against the reference: both scores on the common rows, and run - reference."""

    run: Standing
    reference: Standing
    score: Score
    reference_score: Score
    comparison: Comparison
    gained: int  # rows that the run does better than the reference
    lost: int  # rows that it does worse

    @property
    def worse(self) -> bool:
        """Whether the run is clearly worse."""
        return self.comparison.high < 0 and self.comparison.p_corrected < LEVEL


def common_rows(first: Standing, second: Standing) -> list[str]:
    """Ids of the rows that both were judged on, with the same wanted answer, by the same task and metric."""
    if first.task.name != second.task.name or first.task.metric != second.task.metric:
        return []
    return [row for row, example in first.rows.items() if second.rows.get(row) == example]


def pair_all(runs: Sequence[Standing], reference: Standing) -> list[Paired]:
    """Every other run that shares rows with the reference; their p values are one family (Holm)."""
    pairs = {
        run.name: pair(run, reference) for run in runs if run is not reference and common_rows(run, reference)
    }
    corrected = correct({name: one.comparison for name, one in pairs.items()})
    return [replace(one, comparison=corrected[name]) for name, one in pairs.items()]


def pair(run: Standing, reference: Standing) -> Paired:
    """One run against the reference, on the rows they share."""
    ids = common_rows(run, reference)
    rows = [run.rows[row] for row in ids]
    now, before = run.given(run.key, ids), reference.given(reference.key, ids)
    metric, task, seed = run.metric, run.task, reference.seed
    better, worse = _changed(run, rows, now, before)
    return Paired(
        run=run,
        reference=reference,
        score=score(metric, rows, now, task, seed),
        reference_score=score(metric, rows, before, task, seed),
        comparison=compare(metric, rows, now, before, task, seed),
        gained=better,
        lost=worse,
    )


def _changed(
    run: Standing, rows: Sequence[Example], now: Sequence[Answer], before: Sequence[Answer]
) -> tuple[int, int]:
    """How many rows are judged better than before, and how many worse."""
    kept = [index for index, row in enumerate(rows) if run.metric.judges(row)]
    judged = [rows[index] for index in kept]
    values = [run.metric.rows(judged, [given[index] for index in kept], run.task) for given in (now, before)]
    changes = [one - other for one, other in zip(*values)]
    return sum(change > 0 for change in changes), sum(change < 0 for change in changes)
