"""Distillation of a classifier: the student's probabilities of the labels follow the teacher's.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2. Where a text may carry
several labels, each label is a choice of its own between two outcomes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.classify import ClassifyTask
from overtone.engine.taught import TaughtRow, Teacher, stacked
from overtone.objectives.classify import HEAD_START, Classify, HeadStart
from overtone.objectives.distillation import Softened

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class DistillClasses(Softened):
    """The distance from a teacher's probabilities of the labels, mixed with the loss of the row's own labels."""

    name: ClassVar[str] = "distill_classes"
    kinds: ClassVar[frozenset[str]] = Classify.kinds
    tasks: ClassVar[frozenset[str]] = Classify.tasks
    head: ClassVar[bool] = True

    dropout: float = Field(0.1, ge=0, lt=1, description="dropout before the head")
    head_start: HeadStart = Field("fitted", description=HEAD_START)

    def check_teacher(self, teacher: Teacher, base: "Base", labels: tuple[str, ...]) -> None:
        """The teacher was tuned on the same labels; its kind and its tokens may be others."""
        if not teacher.labels:
            raise self.unfit(
                "was not tuned to tell labels apart", "name a finished run of a task that sorts texts"
            )
        lacking = sorted(set(labels) - set(teacher.labels)) or sorted(set(teacher.labels) - set(labels))
        if lacking:
            raise self.unfit(
                f"and the training rows do not have the same labels (one of them lacks '{lacking[0]}')",
                "name a teacher of the same labels",
            )

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens and a target for each label."""
        return TaughtRow.of(Classify().row(example, base, task, labels), example)

    def taught(
        self, rows: "Sequence[Row]", base: "Base", teacher: Teacher, task: Task, labels: tuple[str, ...]
    ) -> "list[Row]":
        """Each row with the teacher's logits of the labels, which the teacher reads in tokens of its own."""
        from overtone.models.text import encode_text

        if not rows:
            return []
        known, learner = teacher.load()
        read = [encode_text(known, row.example.text) for row in rows]  # type: ignore[attr-defined]
        longest = max(map(len, read), default=0)
        if longest > known.description.context:
            raise self.unfit(
                f"reads {known.description.context} tokens and a row has {longest}",
                "shorten the rows or name a teacher with a longer context",
            )
        places = [teacher.labels.index(label) for label in labels]
        logits = _logits(learner, read)[:, places].cpu()
        return [replace(row, said=said[None]) for row, said in zip(rows, logits, strict=True)]  # type: ignore[call-arg]

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over rows; `accuracy` counts the rows whose every label is right, `distance` adds those up."""
        from overtone.engine.loss import Loss
        from overtone.objectives.classify import hard_loss

        logits = learner.logits([row.tokens for row in rows]).float()  # (rows, labels)
        hard, right = hard_loss(logits, rows, task)
        several = isinstance(task, ClassifyTask) and task.multi_label
        soften = self._each if several else self._one
        said = stacked(rows, "said").to(logits.device)
        soft = self.distance(soften(said), soften(logits)).sum()
        sums = {"accuracy": float(right), "distance": soft.item()}
        return Loss(total=self.mixed(soft, hard), units=len(rows), sums=sums)

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The more accurate is the better; among equals the one with the lower loss."""
        return (means["accuracy"], -means["loss"])

    def _one(self, logits: "Tensor") -> "Tensor":
        """Log-probabilities of the labels, one of which is right: (rows, labels)."""
        return (logits / self.temperature).log_softmax(-1)

    def _each(self, logits: "Tensor") -> "Tensor":
        """Log-probabilities that each label is right and that it is not: (rows, labels, 2)."""
        import torch
        from torch.nn.functional import logsigmoid

        softened = logits / self.temperature
        return torch.stack([logsigmoid(softened), logsigmoid(-softened)], -1)


def _logits(learner: "Learner", rows: Sequence[Sequence[int]]) -> "Tensor":
    """The teacher's logits of its labels: (rows, labels)."""
    import torch

    from overtone.engine.read import batches_to_read

    batches = batches_to_read(learner.body, rows)
    with torch.inference_mode():
        found = torch.cat([learner.logits([rows[index] for index in batch]) for batch in batches])
    order = torch.tensor([index for batch in batches for index in batch])
    return found[order.argsort().to(found.device)].clone()
