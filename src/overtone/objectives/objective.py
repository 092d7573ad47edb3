"""An objective: what is minimised. One file each; none knows how rows are laid out in memory."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from overtone.core.example import Example
from overtone.core.part import Part
from overtone.core.task import Task

if TYPE_CHECKING:
    from torch import nn

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Objective(Part, package="overtone.objectives"):
    """What is minimised: how an example becomes a row of tokens, and the loss of a batch of rows."""

    kinds: ClassVar[frozenset[str]]  # of base: encoder, decoder, encoder-decoder
    tasks: ClassVar[frozenset[str]]  # by what they ask or are learned from: classify, generate, prefer, score
    rate_share: ClassVar[float] = 1.0  # of a method's usual rate, where a plan gives none
    head: ClassVar[bool] = False  # whether it trains a new output layer over the task's labels
    pooling: ClassVar[str | None] = (
        None  # how states become one vector, where not as usual for the kind of base
    )

    @classmethod
    def serves(cls, task: Task) -> bool:
        """Whether it trains for a task."""
        return not cls.tasks.isdisjoint({task.asks, task.learned_from()})

    @classmethod
    def usual(cls, task: Task, kind: str) -> Self:
        """What is minimised where the plan names nothing: the first of the task's own that suits the kind of base.

        Where none does it is the first of all, whose refusal says what kind it needs.
        """
        parts = [cls.find(name) for name in task.objectives]
        return next((part for part in parts if kind in part.kinds), parts[0])()

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the new output layer's numbers, given the task's labels; none where it trains no such layer."""
        return labels if self.head else ()

    @property
    def repeats(self) -> int:
        """How many updates are made from what a step has read or drawn."""
        return 1

    def fitted(self, train: Sequence[Example]) -> Self:
        """With all that it takes from the training rows as settings, such as the mean of targets; here as it is."""
        return self

    def new_head(self, base: "Base", seed: int) -> "nn.Module | None":
        """An output layer of its own kind over hidden states, before training; here none."""
        return None

    def remarks(self, learner: "Learner") -> list[str]:
        """What a person should know before the training starts, in sentences without an end; here nothing."""
        return []

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """Tokens and targets of one example; targets say which positions are supervised."""
        raise NotImplementedError

    def prepare(self, rows: "Sequence[Row]", base: "Base") -> "list[Row]":
        """The rows with all that is asked of the untuned base, worked out once before training; here nothing."""
        return list(rows)

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """The summed loss of a batch and the number of units it sums over."""
        raise NotImplementedError

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """How good a validation is, from its mean `loss` and other mean sums: the larger is the better one."""
        return (-means["loss"],)
