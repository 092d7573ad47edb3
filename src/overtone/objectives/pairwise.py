"""Pairwise tuning of embeddings: the right passage must lie nearer than each other one of the batch.

RankNet: Burges et al. 2005, "Learning to Rank using Gradient Descent", equation 3 with a target of 1; the mean over
the wrong passages.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.objectives.embedding import Embedding

if TYPE_CHECKING:
    from torch import Tensor


class Pairwise(Embedding):
    """Logistic loss of the gap between the right passage and each other one of the batch."""

    name: ClassVar[str] = "pairwise"
    also_called: ClassVar[tuple[str, ...]] = ("ranknet", "triplet")

    def losses(self, right: "Tensor", others: "Tensor") -> "Tensor":
        """The mean over the others of log(1 + exp(other - right)); 0 where there is no other."""
        from torch.nn.functional import softplus

        there = others.isfinite().sum(1).clamp(min=1)
        return softplus(others - right[:, None]).sum(1) / there
