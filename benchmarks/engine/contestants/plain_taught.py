"""A bare loop that distils: the teacher reads every batch at each step, heads only where something is learned."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.plain import repeat, tensors_of
from benchmarks.engine.contestants.plain_head import supervised_logits
from benchmarks.engine.job import Job
from benchmarks.engine.lessons import KEPT
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "bare loop, the teacher asked at each step"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL
LEAST = 1e-7  # probability of all tokens that are not told apart: as Overtone counts

Said = tuple[Any, Any]  # log-probabilities of likeliest tokens and their ids, both (units, kept)


def work(job: Job, watch: Stopwatch) -> None:
    """Train on the teacher's likeliest tokens of each batch."""
    learn(job, watch, lambda ask: ask)


def learn(
    job: Job,
    watch: Stopwatch,
    kept: Callable[[Callable[[Sequence[Row]], Said]], Callable[[Sequence[Row]], Said]],
) -> None:
    """`kept` may keep what the teacher says of rows."""
    import torch

    student, teacher = load(job), load(replace(job, model=job.teacher)).eval()
    watch.loaded()
    student = adapt(job, student)

    @torch.no_grad()
    def ask(rows: Sequence[Row]) -> Said:
        logits, _, _ = supervised_logits(teacher, tensors_of(rows, job))
        found = logits.log_softmax(-1).topk(min(KEPT, logits.shape[-1]))
        return found.values, found.indices

    answer = kept(ask)

    def loss_of(rows: Sequence[Row]) -> Any:
        return _distance(*answer(rows), supervised_logits(student, tensors_of(rows, job))[0])

    repeat(job, watch, student, sum(row.supervised for row in job.rows), loss_of)


def _distance(said: Any, tokens: Any, logits: Any) -> Any:
    """The Kullback-Leibler divergence, all tokens that the teacher does not tell apart being one outcome; summed."""
    teacher, student = _with_rest(said), _with_rest(logits.log_softmax(-1).gather(-1, tokens))
    return (teacher.exp() * (teacher - student)).sum()


def _with_rest(logs: Any) -> Any:
    import torch

    rest = (1 - logs.exp().sum(-1, keepdim=True)).clamp(min=LEAST).log()
    return torch.cat([logs, rest], -1)
