"""The Trainer of transformers, with PEFT."""

from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job
from benchmarks.engine.microbatches import ordered, padded
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "HF Trainer + PEFT"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    from transformers import Trainer, TrainingArguments

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    Trainer(
        model=adapt(job, model),
        args=TrainingArguments(remove_unused_columns=False, **arguments(job, len(rows))),
        train_dataset=[dict(zip(("prompt", "completion"), (row.prompt, row.completion))) for row in rows],
        data_collator=collate,
        callbacks=[callback(watch)],
    ).train()


def collate(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as one padded batch."""
    import torch

    batch = padded([Row(tuple(item["prompt"]), tuple(item["completion"])) for item in items])
    return {name: torch.tensor(values) for name, values in batch.items()}
