"""SimPO by TRL's CPOTrainer, without its likelihood term."""

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapter, load
from benchmarks.engine.contestants.pairs import pairs, tokenizer
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job
from benchmarks.engine.lessons import MARGIN, SHARPNESS
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL CPOTrainer"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    from trl.experimental.cpo import CPOConfig, CPOTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    CPOTrainer(
        model=model,
        args=CPOConfig(
            loss_type="simpo",
            cpo_alpha=0.0,
            beta=SHARPNESS,
            simpo_gamma=MARGIN,
            **arguments(job, len(rows)),
        ),
        train_dataset=pairs(rows),
        processing_class=tokenizer(job),
        peft_config=adapter(job),
        callbacks=[callback(watch)],
    ).train()
