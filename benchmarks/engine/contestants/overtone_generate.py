"""Overtone's own decoding, greedy; request i brings adapter i along."""

from pathlib import Path
from typing import Any

from benchmarks.engine.adapters import adapters_folder, write_adapters
from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "Overtone"


def work(job: Job, watch: Stopwatch) -> None:
    """Answer all requests at once; each answer has the same length."""
    from overtone.generate.decode import Decoding
    from overtone.generate.request import Request
    from overtone.models.base import load_base

    base, adapters = load_base(job.model), _adapters(job)
    watch.loaded()
    requests = [
        Request(row.prompt, job.tokens, adapter=adapters[number % len(adapters)])
        for number, row in enumerate(job.rows)
    ]
    for _ in range(job.steps):
        watch.begin()
        answers: list[list[int]] = [[] for _ in requests]
        for steps in Decoding(base.model, requests, base.description.context):
            for step in steps:
                answers[step.row].append(step.token.id)
        watch.end()
        watch.tell(answers=answers)


def _adapters(job: Job) -> list[Any]:
    """All adapters, or one None where there are none."""
    from overtone.generate.adapters import read_adapter

    if not job.adapters:
        return [None]
    folders = write_adapters(Path(job.model), job.adapters, adapters_folder(Path(job.model)))
    return [read_adapter(folder) for folder in folders]
