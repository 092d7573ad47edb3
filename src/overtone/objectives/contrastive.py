"""Contrastive tuning of embeddings: the right passage must stand out among all passages of the batch.

InfoNCE: van den Oord, Li and Vinyals 2018, "Representation Learning with Contrastive Predictive Coding",
arXiv 1807.03748, equation 4, over the passages of a batch as in Henderson et al. 2017, arXiv 1705.00652, section 4.
"""

from typing import TYPE_CHECKING, ClassVar

from overtone.objectives.embedding import Embedding

if TYPE_CHECKING:
    from torch import Tensor


class Contrastive(Embedding):
    """Cross-entropy of the right passage among the passages of the batch (InfoNCE)."""

    name: ClassVar[str] = "contrastive"
    also_called: ClassVar[tuple[str, ...]] = ("infonce", "mnrl", "multiple_negatives_ranking")

    def losses(self, right: "Tensor", others: "Tensor") -> "Tensor":
        """Minus the log of the right passage's share."""
        import torch

        return torch.logsumexp(torch.cat([right[:, None], others], dim=1), dim=1) - right
