"""Regression: the squared error of one number a text, where numbers have mean 0 and deviation 1.

Bishop 2006, "Pattern Recognition and Machine Learning", equation 1.2, without its factor 1/2. The mean and the
deviation are those of the training rows; they are kept with the model.
"""

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.regress import number_of
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Regress(Objective):
    """Squared error of a number for each text, standardised by the training rows."""

    name: ClassVar[str] = "regress"
    also_called: ClassVar[tuple[str, ...]] = ("mse", "regression")
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"regress"})
    head: ClassVar[bool] = True

    dropout: float = Field(0.0, ge=0, lt=1, description="dropout before the head")
    mean: float | None = Field(None, description="of the numbers; that of the training rows where absent")
    deviation: float | None = Field(
        None, gt=0, description="of the numbers; that of the training rows where absent"
    )

    def fitted(self, train: Sequence[Example]) -> Self:
        """With the mean and the deviation of the training rows, where none is set."""
        numbers = [number_of(row) for row in train]
        mean = fmean(numbers) if self.mean is None else self.mean
        spread = pstdev(numbers) or 1.0  # numbers that are all alike have none
        return self.model_copy(update={"mean": mean, "deviation": self.deviation or spread})

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """One number."""
        return ("number",)

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The text's tokens and its standardised number."""
        from overtone.engine.row import Row
        from overtone.models.text import encode_text

        target = (number_of(example) - (self.mean or 0.0)) / (self.deviation or 1.0)
        return Row(tokens=tuple(encode_text(base, example.text)), targets=(target,))

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over rows."""
        from overtone.engine.loss import Loss

        found = learner.logits([row.tokens for row in rows]).float()[:, 0]  # (rows,)
        errors = found - found.new_tensor([row.targets[0] for row in rows])
        return Loss(total=errors.square().sum(), units=len(rows))
