"""Elastic weight consolidation: weights that earlier tasks depend on are held more strongly.

Kirkpatrick et al. 2017, "Overcoming catastrophic forgetting in neural networks", arXiv 1612.00796, equation 3. The
weight of each square is the diagonal of the Fisher information, here the empirical one: the mean over a sample of
earlier training rows of the squared gradient of the row's own loss. All earlier tasks share one anchor, where the stage
begins (Huszar 2018, "Note on the quadratic penalties in elastic weight consolidation", arXiv 1712.03847).
"""

from typing import ClassVar

from pydantic import Field

from overtone.train.anchors.anchor import Anchor


class Ewc(Anchor):
    """Weights are held by how much the rows of earlier stages depend on them (elastic weight consolidation)."""

    name: ClassVar[str] = "ewc"
    sampled: ClassVar[bool] = True

    strength: float = Field(1e6, gt=0, description="what half of the weighted squares is multiplied by")
    rows: int = Field(
        256, ge=1, description="most rows of each earlier stage that the weights of squares come from"
    )
