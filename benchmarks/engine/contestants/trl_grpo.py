"""TRL's GRPOTrainer on given samples: everything of its step but the drawing, the rewards and the reference."""

from typing import Any

from benchmarks.engine import rewarded
from benchmarks.engine.contestants.adapted import adapt, load
from benchmarks.engine.contestants.pairs import text
from benchmarks.engine.contestants.timed import arguments, callback
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.microbatches import cut
from benchmarks.engine.rows import SAMPLES, Row
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL GRPOTrainer, samples given"
GRID: tuple[Settings, ...] = tuple({"batch": size, "order": "sorted"} for size in (1, 2, 4, 8))
DEFAULT: Settings = GRID[-1]
USUAL: Settings = GRID[0]


def work(job: Job, watch: Stopwatch) -> None:
    """Train; the stopwatch is worked by a callback."""
    from datasets import Dataset
    from transformers import AutoTokenizer
    from trl import GRPOConfig

    model = load(job)
    watch.loaded()
    rows = job.rows
    _trainer(_tensors(rows, job))(
        model=adapt(job, model),
        reward_funcs=_no_reward,
        args=GRPOConfig(
            beta=rewarded.BETA,
            epsilon=rewarded.CLIP,
            loss_type="grpo",
            use_bias_correction_kl=False,  # the paper's divergence has no ratio
            num_generations=SAMPLES,
            max_completion_length=len(rows[0].completion),
            **arguments(job, len(rows)),
        ),
        train_dataset=Dataset.from_list([{"prompt": text(group[0].prompt)} for group in cut(rows, SAMPLES)]),
        processing_class=AutoTokenizer.from_pretrained(job.model, padding_side="left"),
        callbacks=[callback(watch)],
    ).train()


def _trainer(given: dict[str, Any]) -> Any:
    """The trainer with what it would have drawn."""
    from trl import GRPOTrainer

    class Given(GRPOTrainer):  # type: ignore[misc]
        def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
            return dict(given)

    return Given


def _tensors(rows: list[Row], job: Job) -> dict[str, Any]:
    """All samples, of one length, as the trainer keeps them between drawing and learning."""
    import torch

    prompts, samples = (
        torch.tensor([getattr(row, part) for row in rows], device=job.device)
        for part in ("prompt", "completion")
    )
    return {
        "prompt_ids": prompts,
        "prompt_mask": torch.ones_like(prompts),
        "completion_ids": samples,
        "completion_mask": torch.ones_like(samples),
        "advantages": torch.tensor(rewarded.advantages(rows), device=job.device),
        "ref_per_token_logps": torch.full(samples.shape, rewarded.REFERENCE, device=job.device),
        "num_items_in_batch": torch.tensor(samples.numel(), device=job.device),
    }


def _no_reward(completions: list[Any], **_: Any) -> list[float]:
    """Never asked."""
    return [0.0] * len(completions)
