"""A bare loop for GRPO's update: padded samples, the vocabulary only at sampled tokens, the formula by hand."""

from collections.abc import Sequence
from typing import Any

from benchmarks.engine import rewarded
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.plain import repeat, tensors_of
from benchmarks.engine.contestants.plain_head import supervised_logits
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.rows import Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "bare loop, head by hand"
# All samples are equally long, so their order does not matter.
GRID: tuple[Settings, ...] = tuple({"batch": size, "order": "sorted"} for size in (1, 2, 4, 8))
DEFAULT: Settings = GRID[-1]
USUAL: Settings = GRID[1]


def work(job: Job, watch: Stopwatch) -> None:
    """Train on given samples and rewards."""
    model = load(job)
    watch.loaded()
    model = adapt(job, model)
    rows = job.rows
    worth = dict(zip(rows, rewarded.advantages(rows), strict=True))

    def loss_of(batch: Sequence[Row]) -> Any:
        return _loss(model, tensors_of(batch, job), [worth[row] for row in batch])

    repeat(job, watch, model, len(rows), loss_of)


def _loss(model: Any, tensors: dict[str, Any], worth: list[float]) -> Any:
    """The mean over each sample's tokens of the clipped gain less the divergence, summed over samples.

    Shao et al. 2024, arXiv 2402.03300, equations 3 and 4; at the first update the ratio is 1.
    """
    from torch.nn.functional import cross_entropy

    logits, labels, owners = supervised_logits(model, tensors)
    now = -cross_entropy(logits, labels, reduction="none")
    gap, ratio, gained = rewarded.REFERENCE - now, (now - now.detach()).exp(), now.new_tensor(worth)[owners]
    held = ratio.clamp(1 - rewarded.CLIP, 1 + rewarded.CLIP)
    each = (ratio * gained).minimum(held * gained) - rewarded.BETA * (gap.exp() - gap - 1)
    return -(each / owners.bincount()[owners]).sum()
