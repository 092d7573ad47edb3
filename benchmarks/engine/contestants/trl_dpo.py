"""TRL's DPOTrainer, for DPO and IPO: the reference computed at each step, or once before."""

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapter, load
from benchmarks.engine.contestants.pairs import pairs, tokenizer
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.lessons import BETA
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL DPOTrainer"
GRID: tuple[Settings, ...] = tuple({**settings, "precomputed": True} for settings in microbatches.GRID)
DEFAULT: Settings = {**microbatches.DEFAULT, "precomputed": False}
USUAL: Settings = {**microbatches.USUAL, "precomputed": True}
LOSSES = {"dpo": "sigmoid", "ipo": "ipo"}  # Overtone's name and TRL's; its ipo takes means over tokens


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback. The precomputed reference is outside of the clock."""
    import torch
    from trl import DPOConfig, DPOTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    settings = arguments(job, len(rows))
    torch.manual_seed(job.seed)
    DPOTrainer(
        model=model,
        args=DPOConfig(
            beta=BETA,
            loss_type=LOSSES[job.objective],
            max_length=None,
            precompute_ref_log_probs=job.settings["precomputed"],
            **settings,
        ),
        train_dataset=pairs(rows),
        processing_class=tokenizer(job),
        peft_config=adapter(job),
        callbacks=[callback(watch)],
    ).train()
