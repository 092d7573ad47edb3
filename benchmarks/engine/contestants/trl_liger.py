"""TRL's SFTTrainer on a GPU as its users run it there: Liger kernels and flash attention, without padding."""

from benchmarks.engine.contestants.trl_sft import work as train
from benchmarks.engine.job import Job, Settings
from benchmarks.engine.stopwatch import Stopwatch

TITLE = "TRL SFTTrainer, Liger, flash attention"
FAST: Settings = {
    "order": "random",
    "layout": "padding_free",
    "liger": True,
    "attention": "flash_attention_2",
}
GRID: tuple[Settings, ...] = tuple({**FAST, "batch": size} for size in (8, 16, 32))
DEFAULT: Settings = {**FAST, "batch": 8}
USUAL: Settings = {**FAST, "batch": 16}


def work(job: Job, watch: Stopwatch) -> None:
    """Train where both packages are installed."""
    import flash_attn  # noqa: F401
    import liger_kernel  # noqa: F401

    train(job, watch)
