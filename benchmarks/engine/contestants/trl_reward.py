"""TRL's RewardTrainer, with the first numbers of Overtone's new output layer."""

from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import adapter, dtype
from benchmarks.engine.contestants.pairs import pairs, tokenizer
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job
from benchmarks.engine.microbatches import ordered
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL RewardTrainer"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    import torch
    from trl import RewardConfig, RewardTrainer

    model = _load(job)
    watch.loaded()
    rows = ordered(job.rows, job.settings["order"], job.seed)
    config = adapter(job)
    config.task_type, config.modules_to_save = "SEQ_CLS", ["score"]
    torch.manual_seed(job.seed)
    RewardTrainer(
        model=model,
        args=RewardConfig(max_length=None, **arguments(job, len(rows))),
        train_dataset=pairs(rows),
        processing_class=tokenizer(job),
        peft_config=config,
        callbacks=[callback(watch)],
    ).train()


def _load(job: Job) -> Any:
    """The base with an output of one number in place of the vocabulary's."""
    import torch
    from transformers import AutoModelForSequenceClassification

    from overtone.engine.learner import make_head

    model = AutoModelForSequenceClassification.from_pretrained(job.model, num_labels=1, dtype=dtype(job))
    model.config.use_cache = False
    head = make_head(model.config.hidden_size, 1, 0.0, job.seed)
    with torch.no_grad():
        model.score.weight.copy_(dict(head.named_parameters())["1.weight"])
    return model.to(job.device)
