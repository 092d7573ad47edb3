"""Overtone's own training loop, with the defaults of a stage."""

import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.engine.contestants.adapted import ALPHA, CLIP, RANK, RATE, VIRTUAL, begin
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.lessons import LESSONS
from benchmarks.engine.stopwatch import Stopwatch
from benchmarks.engine.unshared import unshared

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
    """Train; a step is one update over all rows. What is known before training is outside of the clock."""
    from overtone.core.task import Task
    from overtone.models.base import load_base
    from overtone.train.checkpoint import Checkpoints
    from overtone.train.loop import Training

    base = load_base(job.model)
    watch.loaded()
    lesson = LESSONS[job.objective]
    objective, task = lesson.objective(job), Task.find(lesson.task)()
    given = lesson.prepare(objective, base, job)
    stage = _stage(job, len(given))
    learner = _learner(job, base, stage.method, objective.outputs(()))
    shared = job.settings.get("share", True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _store(job, Path(folder) / "store"),
        nullcontext() if shared else unshared(),
    ):
        training = iter(
            Training(learner, objective, task, stage, given, (), job.seed, Checkpoints(Path(folder)))
        )
        for _ in range(job.steps):
            watch.begin()
            report = next(training)
            watch.end()
            watch.tell(report.loss)


def _learner(job: Job, base: Any, method: Any, outputs: tuple[str, ...]) -> Any:
    """The body as its method prepares it, with a new head where the objective trains one."""
    from overtone.engine.learner import Learner, hidden_size, make_head

    body = method.attach(base.model, job.seed)
    if job.method == "prompt":
        begin(body, job.seed)
    head = make_head(hidden_size(body), len(outputs), 0.0, job.seed) if outputs else None
    return Learner(body, head, "last", base.description.name)


def _store(job: Job, folder: Path) -> AbstractContextManager[Any]:
    """Frozen work is remembered in a store of this run's own, unless the settings say otherwise."""
    from overtone.engine.remember import Store, remembering

    return remembering(Store(folder, STORE) if job.settings.get("remember", True) else None)


def _stage(job: Job, rows: int) -> Any:
    """As many forward passes in a step as there are batches, and the arithmetic that every contestant uses."""
    from overtone.train.stage import Stage

    return Stage(
        method=_method(job),
        epochs=job.steps,
        accumulate=rows,
        learning_rate=RATE,
        head_learning_rate=RATE,
        weight_decay=0.0,
        clip=CLIP,
        schedule={"shape": "constant", "warmup": 0},
        **({"batch_rows": job.settings["batch"]} if "batch" in job.settings else {}),
    )


def _method(job: Job) -> Any:
    from overtone.methods.method import Method

    layers = job.learning_layers
    targets = [f"{layer}.{matrix}" for layer in layers for matrix in MATRICES] if layers else "all-linear"
    low_rank = {"name": "lora", "rank": RANK, "alpha": ALPHA, "targets": targets}
    others = {"full": {"name": "full"}, "prompt": {"name": "prompt", "tokens": VIRTUAL}}
    return Method.model_validate(others.get(job.method, low_rank))
