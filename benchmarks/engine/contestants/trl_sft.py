"""TRL's SFTTrainer: padded, padding-free or packed."""

from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL SFTTrainer"
LONGEST = 1024  # tokens of a packed row; no row that is measured is longer
GRID: tuple[Settings, ...] = (
    *({**settings, "layout": "padded"} for settings in microbatches.GRID),
    *({"batch": size, "order": "sorted", "layout": "padding_free"} for size in microbatches.SIZES[1:]),
    {"batch": 1, "order": "random", "layout": "packed"},
)
DEFAULT: Settings = {**microbatches.DEFAULT, "layout": "padded"}
USUAL: Settings = {**microbatches.USUAL, "layout": "padded"}


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    from transformers import AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    layout = job.settings["layout"]
    trainer = SFTTrainer(
        model=adapt(job, model),
        args=SFTConfig(
            completion_only_loss=True,
            max_length=LONGEST if layout == "packed" else None,
            packing=layout == "packed",
            padding_free=layout == "padding_free",
            use_liger_kernel=job.settings.get("liger", False),
            **arguments(job, len(rows)),
        ),
        train_dataset=_dataset(rows),
        processing_class=AutoTokenizer.from_pretrained(job.model),
        callbacks=[callback(watch)],
    )
    # Packing decides how many rows there are; a step is still all of them.
    trainer.args.gradient_accumulation_steps = -(-len(trainer.train_dataset) // job.settings["batch"])
    trainer.accelerator.gradient_accumulation_steps = 1
    trainer.train()


def _dataset(rows: list[Row]) -> Any:
    from datasets import Dataset

    return Dataset.from_list(
        [
            {
                "input_ids": [*row.prompt, *row.completion],
                "completion_mask": [0] * len(row.prompt) + [1] * len(row.completion),
            }
            for row in rows
        ]
    )
