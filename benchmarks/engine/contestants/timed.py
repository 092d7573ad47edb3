"""What the trainers of transformers and TRL share: their arguments, and a callback that works the stopwatch."""

import tempfile
from collections.abc import Callable
from typing import Any

from benchmarks.engine.contestants.adapted import CLIP, RATE
from benchmarks.engine.job import Job
from benchmarks.engine.stopwatch import Stopwatch


def arguments(job: Job, sequences: int) -> dict[str, Any]:
    """One update over all sequences, in the arithmetic that every contestant uses; nothing saved, little told."""
    size = job.settings["batch"]
    return {
        "output_dir": tempfile.mkdtemp(),
        "per_device_train_batch_size": size,
        "gradient_accumulation_steps": -(-sequences // size),
        "num_train_epochs": job.steps,
        "train_sampling_strategy": "sequential" if job.settings["order"] == "sorted" else "random",
        "learning_rate": RATE,
        "lr_scheduler_type": "constant",
        "max_grad_norm": CLIP,
        "optim": "adamw_torch_fused",
        "bf16": False,
        "gradient_checkpointing": False,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "use_cpu": job.device == "cpu",
        "dataloader_num_workers": 0,
        "seed": job.seed,
    }


def logged(logs: dict[str, float]) -> float:
    """The loss as the trainer tells it."""
    return logs["loss"]


def callback(watch: Stopwatch, loss_of: Callable[[dict[str, float]], float | None] = logged) -> Any:
    """Clocks run from the beginning of a step to its end; what is logged behind that holds the loss to compare."""
    from transformers import TrainerCallback

    class Timed(TrainerCallback):  # type: ignore[misc]
        def on_step_begin(self, *_: Any, **__: Any) -> None:
            watch.begin()

        def on_step_end(self, *_: Any, **__: Any) -> None:
            watch.end()

        def on_log(self, *_: Any, logs: dict[str, float], **__: Any) -> None:
            if "loss" in logs:
                watch.tell(loss_of(logs))

    return Timed()
