"""The bare loop with one more trick by hand: the vocabulary projection only where something is supervised."""

from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.plain import train
from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "bare loop, head by hand"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Steps with a loss written for the purpose."""
    train(job, watch, _supervised_loss)


def _supervised_loss(model: Any, tensors: dict[str, Any]) -> Any:
    from torch.nn.functional import cross_entropy

    body = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = body.model(tensors["input_ids"], attention_mask=tensors["attention_mask"], use_cache=False)
    labels = tensors["labels"][:, 1:]
    wanted = labels != microbatches.IGNORED
    logits = body.lm_head(hidden.last_hidden_state[:, :-1][wanted]).float()
    return cross_entropy(logits, labels[wanted], reduction="sum")
