"""Odds ratio preference optimisation: learn the chosen answers, and raise their odds over the rejected ones' at once.

Hong, Lee and Thorne 2024, "ORPO: Monolithic Preference Optimization without Reference Model", arXiv 2403.07691,
equations 6 and 7. The probability p of an answer is the geometric mean of its tokens' (equation 3), and its odds are
p / (1 - p) (equation 4). Both terms are means over an answer's tokens, so a pair weighs the same however long it is.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.objectives.preference import Preference, lengths

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.row import Row

SURE = -1e-6  # mean log-probability above which the odds are held: at 0 they would be infinite


class Orpo(Preference):
    """Minus the mean log-probability of the chosen answer, with a weighted loss of its odds against the other."""

    name: ClassVar[str] = "orpo"

    odds_weight: float = Field(
        0.1, gt=0, description="weight of the odds ratio beside the chosen answer's loss"
    )

    def rewards(self, totals: "Tensor", answers: "Sequence[Row]") -> "Tensor":
        """Of each answer: the natural log of its odds: (answers,)."""
        import torch

        means = (totals / totals.new_tensor(lengths(answers))).clamp(max=SURE)
        return means - torch.log(-torch.expm1(means))

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """The first term is minus the log-probability that the chosen answer's odds stand for: (pairs,)."""
        from torch.nn.functional import logsigmoid

        return -logsigmoid(chosen) - self.odds_weight * logsigmoid(chosen - rejected)
