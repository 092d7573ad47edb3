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


def supervised_logits(model: Any, tensors: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Where something is supervised in a padded batch: logits (units, vocabulary), the token and its row, (units,)."""
    body = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = body.model(tensors["input_ids"], attention_mask=tensors["attention_mask"], use_cache=False)
    labels = tensors["labels"][:, 1:]
    wanted = labels != microbatches.IGNORED
    logits = body.lm_head(hidden.last_hidden_state[:, :-1][wanted]).float()
    return logits, labels[wanted], wanted.nonzero()[:, 0]


def _supervised_loss(model: Any, tensors: dict[str, Any]) -> Any:
    from torch.nn.functional import cross_entropy

    logits, labels, _ = supervised_logits(model, tensors)
    return cross_entropy(logits, labels, reduction="sum")
