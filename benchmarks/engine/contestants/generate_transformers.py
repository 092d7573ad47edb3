"""The library's own `generate`, greedy, over prompts padded on the left."""

from typing import Any

from benchmarks.engine.contestants.adapted import load
from benchmarks.engine.job import Job
from benchmarks.engine.rows import Tokens
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "transformers generate"


def work(job: Job, watch: Stopwatch) -> None:
    """Answer all requests in one batch."""
    model = load(job).eval()
    watch.loaded()
    answer(job, watch, model)


def answer(job: Job, watch: Stopwatch, model: Any, **extra: Any) -> None:
    """A step is one batch of answers, all of the same length."""
    import torch

    prompts = [row.prompt for row in job.rows]
    batch = {name: torch.tensor(rows, device=job.device) for name, rows in pad_left(prompts).items()}
    start = batch["input_ids"].shape[1]
    model.generation_config.eos_token_id = None  # every answer has the same length
    for _ in range(job.steps):
        watch.begin()
        with torch.inference_mode():
            found = model.generate(
                **batch, **extra, max_new_tokens=job.tokens, do_sample=False, use_cache=True
            )
        watch.end()
        watch.tell(answers=found[:, start:].tolist())


def pad_left(prompts: list[Tokens]) -> dict[str, list[list[int]]]:
    """Ids and mask of prompts that end in the same column."""
    longest = max(map(len, prompts))
    return {
        "input_ids": [[0] * (longest - len(prompt)) + [*prompt] for prompt in prompts],
        "attention_mask": [[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts],
    }
