"""Overtone's own decoding, greedy."""

from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "Overtone"


def work(job: Job, watch: Stopwatch) -> None:
    """Answer all requests at once; each answer has the same length."""
    from overtone.generate.decode import Decoding
    from overtone.generate.request import Request
    from overtone.models.base import load_base

    if job.adapters:
        raise NotImplementedError("different adapters in one batch")
    base = load_base(job.model)
    watch.loaded()
    requests = [Request(row.prompt, job.tokens) for row in job.rows]
    for _ in range(job.steps):
        watch.begin()
        answers: list[list[int]] = [[] for _ in requests]
        for steps in Decoding(base.model, requests, base.description.context):
            for step in steps:
                answers[step.row].append(step.token.id)
        watch.end()
        watch.tell(answers=answers)
