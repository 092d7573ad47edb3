"""TRL's KTOTrainer: every answer is a row, read once more with another's answer behind its prompt.

Overtone reads one such mismatched answer for each pair, so it has three sequences where this has four.
"""

from benchmarks.engine.contestants.adapted import adapter, load
from benchmarks.engine.contestants.pairs import tokenizer, unpaired
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.lessons import BETA
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL KTOTrainer"
GRID: tuple[Settings, ...] = tuple(  # one row alone has no mismatched answer; other orders are refused
    {"batch": size, "order": "sorted", "precomputed": True} for size in (2, 4, 8)
)
DEFAULT: Settings = {"batch": 8, "order": "sorted", "precomputed": False}
USUAL: Settings = GRID[0]


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback. The precomputed reference is outside of the clock."""
    import torch
    from trl import KTOConfig, KTOTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    settings = arguments(job, 2 * len(rows))
    torch.manual_seed(job.seed)
    KTOTrainer(
        model=model,
        args=KTOConfig(
            beta=BETA,
            max_length=None,
            precompute_ref_log_probs=job.settings["precomputed"],
            **settings,
        ),
        train_dataset=unpaired(rows),
        processing_class=tokenizer(job),
        peft_config=adapter(job),
        callbacks=[callback(watch)],
    ).train()
