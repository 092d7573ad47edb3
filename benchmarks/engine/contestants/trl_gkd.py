"""TRL's GKDTrainer on the rows' own answers: forward divergence over the whole vocabulary, the teacher at each step.

Where all tokens are told apart its loss is that of the others; with fewer it is a little larger, so it is not compared.
"""

from dataclasses import replace
from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.pairs import tokenizer
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.contestants.trainer import collate
from benchmarks.engine.job import Job
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL GKDTrainer, whole vocabulary"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    train(job, watch, lambda logs: None)


def train(job: Job, watch: Stopwatch, loss_of: Any) -> None:
    """`loss_of` gives the loss to compare, from what the trainer tells."""
    from datasets import Dataset
    from trl.experimental.gkd import GKDConfig, GKDTrainer

    student, teacher = load(job), load(replace(job, model=job.teacher))
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    GKDTrainer(
        model=adapt(job, student),
        teacher_model=teacher,
        args=GKDConfig(lmbda=0.0, beta=0.0, temperature=1.0, max_length=None, **arguments(job, len(rows))),
        train_dataset=Dataset.from_list(
            [{"prompt": list(row.prompt), "completion": list(row.completion)} for row in rows]
        ),
        data_collator=collate,
        processing_class=tokenizer(job),
        callbacks=[callback(watch, loss_of)],
    ).train()
