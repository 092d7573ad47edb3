"""Classification: cross-entropy over the labels, or one binary cross-entropy a label where multi-label."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base

HeadStart = Literal["fitted", "random"]
HEAD_START = "a new head begins as logistic regression over the untuned features, or is drawn at random"


class Classify(Objective):
    """Cross-entropy over the labels; where a text may carry several, a binary cross-entropy for each."""

    name: ClassVar[str] = "classify"
    also_called: ClassVar[tuple[str, ...]] = ("classification", "cross_entropy")
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"classify"})
    head: ClassVar[bool] = True

    dropout: float = Field(0.1, ge=0, lt=1, description="dropout before the head")
    head_start: HeadStart = Field("fitted", description=HEAD_START)

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens and a target for each label."""
        from overtone.engine.row import Row
        from overtone.models.text import encode_text

        targets = tuple(float(label in example.labels) for label in labels)
        return Row(tokens=tuple(encode_text(base, example.text)), targets=targets)

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over rows; `accuracy` counts the rows whose every label is right."""
        from overtone.engine.loss import Loss

        logits = learner.logits([row.tokens for row in rows]).float()  # (rows, labels)
        total, right = hard_loss(logits, rows, task)
        return Loss(total=total, units=len(rows), sums={"accuracy": float(right)})

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The more accurate is the better; among equals the one with the lower loss."""
        return (means["accuracy"], -means["loss"])


def hard_loss(logits: "Tensor", rows: "Sequence[Row]", task: Task) -> "tuple[Tensor, int]":
    """The cross-entropy of logits (rows, labels) with the rows' own labels, summed, and how many rows are right."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    targets = torch.tensor([row.targets for row in rows], device=logits.device)
    if isinstance(task, ClassifyTask) and task.multi_label:
        total = binary_cross_entropy_with_logits(logits, targets, reduction="sum")
        right = ((logits > 0) == (targets > 0.5)).all(-1)
    else:
        total = cross_entropy(logits, targets.argmax(-1), reduction="sum")
        right = logits.argmax(-1) == targets.argmax(-1)
    return total, int(right.sum())
