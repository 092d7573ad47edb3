"""Overtone's own training loop, with the defaults of a stage."""

import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from benchmarks.engine.contestants.adapted import ALPHA, CLIP, RANK, RATE
from benchmarks.engine.contestants.trl_dpo import BETA
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.rows import Row, Tokens
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "Overtone"
GRID: tuple[Settings, ...] = ({"batch": 8}, {"batch": 32})
DEFAULT: Settings = {}  # the number of rows that a stage takes by itself
USUAL = DEFAULT
STORE = 4 * 10**9  # bytes
MATRICES = (
    *(f"self_attn.{name}_proj" for name in "qkvo"),
    *(f"mlp.{name}_proj" for name in ("gate", "up", "down")),
)


def work(job: Job, watch: Stopwatch) -> None:
    """Train; a step is one update over all rows."""
    from overtone.core.task import Task
    from overtone.engine.learner import Learner
    from overtone.models.base import load_base
    from overtone.objectives.objective import Objective
    from overtone.train.checkpoint import Checkpoints
    from overtone.train.loop import Training

    base = load_base(job.model)
    watch.loaded()
    rows = job.rows
    prefers = bool(rows[0].rejected)
    objective = Objective.find("dpo" if prefers else "sft")(**({"beta": BETA} if prefers else {}))
    task = Task.find("prefer" if prefers else "answer")()
    given = objective.prepare([_row(row) for row in rows], base)
    stage = _stage(job, len(rows))
    learner = Learner(stage.method.attach(base.model, job.seed), name=base.description.name)
    with tempfile.TemporaryDirectory() as folder, _store(job, Path(folder) / "store"):
        training = iter(
            Training(learner, objective, task, stage, given, (), job.seed, Checkpoints(Path(folder)))
        )
        for _ in range(job.steps):
            watch.begin()
            report = next(training)
            watch.end()
            watch.tell(report.loss)


def _store(job: Job, folder: Path) -> AbstractContextManager[Any]:
    """Frozen work is remembered in a store of this run's own, unless the settings say otherwise."""
    from overtone.engine.remember import Store, remembering

    return remembering(Store(folder, STORE) if job.settings.get("remember", True) else None)


def _stage(job: Job, rows: int) -> Any:
    """As many forward passes in a step as there are batches, and the arithmetic that every contestant uses."""
    from overtone.methods.method import Method
    from overtone.train.stage import Stage

    return Stage(
        method=Method.find("full")() if job.method == "full" else _lora(job),
        epochs=job.steps,
        accumulate=rows,
        learning_rate=RATE,
        weight_decay=0.0,
        clip=CLIP,
        schedule={"shape": "constant", "warmup": 0},
        **({"batch_rows": job.settings["batch"]} if "batch" in job.settings else {}),
    )


def _lora(job: Job) -> Any:
    from overtone.methods.method import Method

    layers = job.learning_layers
    targets = [f"{layer}.{matrix}" for layer in layers for matrix in MATRICES] if layers else "all-linear"
    return Method.find("lora")(rank=RANK, alpha=ALPHA, targets=targets)


def _row(row: Row) -> Any:
    """A row of the engine; the rejected answer of a preference stands in it."""
    from dataclasses import replace

    rejected = _answered(row.prompt, row.rejected) if row.rejected else None
    return replace(_answered(row.prompt, row.completion), rejected=rejected)


def _answered(prompt: Tokens, answer: Tokens) -> Any:
    from overtone.engine.row import Row as EngineRow

    return EngineRow(tokens=prompt + answer, learned=(False,) * len(prompt) + (True,) * len(answer))
