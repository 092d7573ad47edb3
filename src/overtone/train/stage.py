"""A stage: one stretch of training with one method and one objective."""

from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from overtone.core.schedule import Schedule
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum
from overtone.data.settings import DataSettings
from overtone.methods.method import Method
from overtone.models.base import Precision
from overtone.objectives.objective import Objective
from overtone.train.anchors.anchor import Anchor

Carry = Literal["continue", "merge"]


class Stage(Settings):
    """One stretch of training. Rates left out are the method's own; the saved plan shows them."""

    settings_elsewhere: ClassVar[Mapping[str, str]] = {
        "num_epochs": "epochs",
        "num_train_epochs": "epochs",
        "lr": "learning_rate",
        "batch_size": "batch_rows",
        "micro_batch_size": "batch_rows",
        "per_device_train_batch_size": "batch_rows",
        "gradient_accumulation_steps": "accumulate",
        "max_grad_norm": "clip",
        "lr_scheduler_type": "schedule: {shape: cosine}",
        "warmup_ratio": "schedule: {warmup: 0.06}",
        "load_in_4bit": "precision: nf4",
        "load_in_8bit": "precision: int8",
        "bf16": "precision: bfloat16",
        "gradient_checkpointing": "activations: recompute",
        "early_stopping_patience": "patience",
        "save_steps": "checkpoint_steps",
        "metric_for_best_model": "best_by: metric",
        "predict_with_generate": "best_by: metric",
        "loss": "objective",
    }
    method: Method = Field("full", description="which weights move")  # type: ignore[assignment]
    objective: Objective | None = Field(None, description="what is minimised; the task's own where absent")
    curriculum: Curriculum = Field("single", description="what is seen when")  # type: ignore[assignment]
    data: DataSettings | None = Field(
        None, description="rows of its own, for a stage before the last; the plan's where absent"
    )
    task: Task | None = Field(None, description="what is done with rows of its own; the plan's where absent")
    anchor: Anchor | None = Field(
        None, description="what holds the base's weights near where the stage begins"
    )
    carry: Carry | None = Field(
        None,
        description="what becomes of the stage before: its adapter goes on learning, or is merged into the base; "
        "goes on where the method is the same",
    )
    new_words: int = Field(
        0,
        ge=0,
        description="so many words of the training rows, those that save most tokens, become tokens of their own",
    )
    epochs: float = Field(
        4,
        ge=0,
        description="passes over the training rows; may be a part of one. With 0 a finished adapter (`start` of the "
        "method) is taken as it is",
    )
    learning_rate: float | None = Field(None, ge=0, description="rate of the body")
    head_learning_rate: float = Field(2e-3, gt=0, description="rate of new output layers")
    weight_decay: float = Field(
        0.01, ge=0, description="AdamW's decay of matrices; norms and biases have none"
    )
    schedule: Schedule = Schedule()
    batch_rows: int = Field(16, ge=1, description="rows in one forward pass")
    batch_tokens: int = Field(16384, ge=1, description="most tokens in one forward pass")
    accumulate: int = Field(
        1, ge=1, description="a step holds so many times batch_rows, weighted by what is supervised"
    )
    activations: Literal["keep", "recompute", "offload"] = Field(
        "keep",
        description="what the backward pass needs: kept, computed again, or moved from the device to main memory",
    )
    precision: Precision = Field(
        "float32",
        description="type of the weights; what learns has a float32 copy that is updated. nf4 and int8 pack the "
        "base's linear layers into 4 and 8 bits",
    )
    clip: float = Field(1.0, gt=0, description="largest norm of the gradient")
    evaluations: int = Field(1, ge=1, description="validations an epoch")
    patience: int | None = Field(None, ge=1, description="validations without a gain before training stops")
    best_by: Literal["objective", "metric"] = Field(
        "objective",
        description="which validation is the best: by the objective's own number, for most the loss, or by the task's "
        "metric over answers to the validation rows, which are then given at every validation",
    )
    refit: bool = Field(
        False,
        description="train once more from the start, on training and validation rows together, for the epochs that "
        "validated best",
    )
    long_rows: Literal["refuse", "drop"] = Field(
        "refuse", description="what happens to rows over the context"
    )
    checkpoint_steps: int = Field(200, ge=1, description="steps between checkpoints, beside each validation")

    @model_validator(mode="after")
    def _rows_for_its_task(self) -> Self:
        """Refuse another task without rows for it."""
        if self.task is not None and self.data is None:
            raise ValueError(f"task '{self.task.name}' needs rows of its own: name their file in data")
        return self
