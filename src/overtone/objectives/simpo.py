"""Simple preference optimisation: chosen answers likelier a token than rejected ones, by a margin; no reference.

Meng, Xia and Chen 2024, "SimPO: Simple Preference Optimization with a Reference-Free Reward", arXiv 2405.14734,
equation 6; the reward is equation 4.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.objectives.preference import Preference, lengths

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.row import Row


class Simpo(Preference):
    """Minus the log-likelihood of the preferences, whose odds are the mean log-probabilities less a margin."""

    name: ClassVar[str] = "simpo"

    beta: float = Field(2.0, gt=0, description="how sharply differences of the mean log-probability count")
    gamma: float = Field(
        1.0, ge=0, description="by how much the chosen answer's reward shall be the higher one"
    )

    def rewards(self, totals: "Tensor", answers: "Sequence[Row]") -> "Tensor":
        """Of each answer: beta times its mean log-probability a token: (answers,)."""
        return self.beta * totals / totals.new_tensor(lengths(answers))

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """Minus the log-probability that the chosen answer is preferred by more than gamma: (pairs,)."""
        from torch.nn.functional import logsigmoid

        return -logsigmoid(chosen - rejected - self.gamma)
