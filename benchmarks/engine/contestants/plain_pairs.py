"""A bare loop on preferences: both answers padded together, the vocabulary only at answers, references kept before."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.plain import repeat, tensors_of
from benchmarks.engine.contestants.plain_head import supervised_logits
from benchmarks.engine.job import Job
from benchmarks.engine.lessons import BETA, MARGIN, SHARPNESS
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "bare loop, head by hand"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL
REFERENCED = ("dpo", "ipo")


def work(job: Job, watch: Stopwatch) -> None:
    """Train on the formula of the job's objective."""
    import torch

    model = load(job)
    watch.loaded()
    model = adapt(job, model)
    references: dict[Row, Any] = {}
    if job.objective in REFERENCED:  # a fresh adapter changes nothing yet
        with torch.no_grad():
            references = {row: _totals(model, [row], job) for row in job.rows}

    def loss_of(rows: Sequence[Row]) -> Any:
        totals = _totals(model, rows, job)
        lengths = totals.new_tensor([[len(row.completion), len(row.rejected)] for row in rows])
        if references:
            totals = totals - torch.cat([references[row] for row in rows])
        return LOSSES[job.objective](totals, totals / lengths).sum()

    repeat(job, watch, model, len(job.rows), loss_of)


def _totals(model: Any, rows: Sequence[Row], job: Job) -> Any:
    """Natural-log probabilities of both answers of each row: (rows, 2)."""
    from torch.nn.functional import cross_entropy

    answers = [Row(row.prompt, answer) for row in rows for answer in (row.completion, row.rejected)]
    logits, labels, owners = supervised_logits(model, tensors_of(answers, job))
    each = -cross_entropy(logits, labels, reduction="none")
    return each.new_zeros(len(answers)).index_add(0, owners, each).view(-1, 2)


def _dpo(totals: Any, means: Any) -> Any:
    return _unlikely(BETA * totals)


def _ipo(totals: Any, means: Any) -> Any:
    chosen, rejected = totals.unbind(-1)
    return (chosen - rejected - 1 / (2 * BETA)) ** 2


def _orpo(totals: Any, means: Any) -> Any:
    odds = means - (-means.expm1()).log()
    return -means[:, 0] + BETA * _unlikely(odds)


def _simpo(totals: Any, means: Any) -> Any:
    return _unlikely(SHARPNESS * means, MARGIN)


def _unlikely(scores: Any, margin: float = 0.0) -> Any:
    """Minus the log-probability that the first score is the higher one: (rows,)."""
    from torch.nn.functional import logsigmoid

    return -logsigmoid(scores[:, 0] - scores[:, 1] - margin)


# The loss of each row from the log-probabilities of its answers, over references, and their means a token.
LOSSES: dict[str, Callable[[Any, Any], Any]] = {"dpo": _dpo, "ipo": _ipo, "orpo": _orpo, "simpo": _simpo}
