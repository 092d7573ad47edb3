"""TRL's DPOTrainer: the reference computed at each step, or once before."""

from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapter, load
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.rows import Row, Tokens
from benchmarks.engine.shapes import word
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL DPOTrainer"
GRID: tuple[Settings, ...] = tuple({**settings, "precomputed": True} for settings in microbatches.GRID)
DEFAULT: Settings = {**microbatches.DEFAULT, "precomputed": False}
USUAL: Settings = {**microbatches.USUAL, "precomputed": True}
BETA = 0.1


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback. The precomputed reference is outside of the clock."""
    import torch
    from transformers import AutoTokenizer
    from trl import DPOConfig, DPOTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    settings = arguments(job, len(rows))
    torch.manual_seed(job.seed)
    DPOTrainer(
        model=model,
        args=DPOConfig(
            beta=BETA, max_length=None, precompute_ref_log_probs=job.settings["precomputed"], **settings
        ),
        train_dataset=_dataset(rows),
        processing_class=AutoTokenizer.from_pretrained(job.model),
        peft_config=adapter(job),
        callbacks=[callback(watch)],
    ).train()


def _dataset(rows: list[Row]) -> Any:
    from datasets import Dataset

    return Dataset.from_list(
        [
            {"prompt": _text(row.prompt), "chosen": _text(row.completion), "rejected": _text(row.rejected)}
            for row in rows
        ]
    )


def _text(tokens: Tokens) -> str:
    return "".join(map(word, tokens))
