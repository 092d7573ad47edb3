"""L2 to the start: every weight of the base is held alike.

Li, Grandvalet and Davoine 2018, "Explicit Inductive Bias for Transfer Learning with Convolutional Networks",
arXiv 1802.01483, equation 2 (L2-SP). A new head is not held; the optimizer's own decay acts on it.
"""

from typing import ClassVar

from pydantic import Field

from overtone.train.anchors.anchor import Anchor


class L2(Anchor):
    """Every weight of the base is held alike to where the stage began (L2-SP)."""

    name: ClassVar[str] = "l2"
    also_called: ClassVar[tuple[str, ...]] = ("l2_sp", "l2sp")

    strength: float = Field(1.0, gt=0, description="what half of the summed squares is multiplied by")
