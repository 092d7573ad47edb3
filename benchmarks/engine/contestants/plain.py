"""A bare loop over transformers and PEFT, accumulating micro-batches weighted by what is supervised in each."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.engine import microbatches
from benchmarks.engine.contestants.adapted import CLIP, RATE, adapt, learning, load
from benchmarks.engine.job import Job
from benchmarks.engine.microbatches import cut, ordered, padded
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "bare loop"
GRID, DEFAULT, USUAL = microbatches.GRID, microbatches.DEFAULT, microbatches.USUAL


def work(job: Job, watch: Stopwatch) -> None:
    """Steps with the library's own loss over all positions."""
    train(job, watch, _own_loss)


def train(job: Job, watch: Stopwatch, loss_of: Any, load: Any = load, adapt: Any = adapt) -> None:
    """`loss_of` gives the summed loss of a padded batch."""
    model = load(job)
    watch.loaded()
    model = adapt(job, model)
    supervised = sum(row.supervised for row in job.rows)
    repeat(job, watch, model, supervised, lambda rows: loss_of(model, tensors_of(rows, job)))


def repeat(
    job: Job, watch: Stopwatch, model: Any, units: int, loss_of: Callable[[Sequence[Row]], Any]
) -> None:
    """A step is one update over all rows; `loss_of` gives the summed loss of those of a micro-batch."""
    import torch

    optimizer = torch.optim.AdamW(learning(model), lr=RATE, weight_decay=0.0, fused=True)
    rows = job.rows
    for step in range(job.steps):
        watch.begin()
        total = 0.0
        for batch in cut(ordered(rows, job.settings["order"], step), job.settings["batch"]):
            loss = loss_of(batch) / units
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(learning(model), CLIP)
        optimizer.step()
        optimizer.zero_grad()
        watch.end()
        watch.tell(total)


def tensors_of(rows: Sequence[Row], job: Job) -> dict[str, Any]:
    """Ids, mask and labels of padded rows."""
    import torch

    return {name: torch.tensor(values, device=job.device) for name, values in padded(rows).items()}


def _own_loss(model: Any, tensors: dict[str, Any]) -> Any:
    supervised = (tensors["labels"] != microbatches.IGNORED).sum()
    return model(**tensors, use_cache=False).loss * supervised
