"""TRL's ORPOTrainer. Its likelihood term reads the prompt's tokens too, the paper's and Overtone's the answer's alone.

So the loss that is compared is the paper's, made of what the trainer tells of its parts.
"""

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapter, load
from benchmarks.engine.contestants.pairs import pairs, tokenizer
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job
from benchmarks.engine.lessons import BETA
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL ORPOTrainer"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    from trl.experimental.orpo import ORPOConfig, ORPOTrainer

    model = load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    ORPOTrainer(
        model=model,
        args=ORPOConfig(beta=BETA, **arguments(job, len(rows))),
        train_dataset=pairs(rows),
        processing_class=tokenizer(job),
        peft_config=adapter(job),
        callbacks=[callback(watch, _of_parts)],
    ).train()


def _of_parts(logs: dict[str, float]) -> float:
    """Minus the mean log-probability of chosen answers, and minus the weighted log of the odds' share."""
    return -logs["logps/chosen"] - BETA * logs["log_odds_ratio"]
