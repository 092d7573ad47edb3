"""An anchor: a penalty on moving the base's weights away from where a stage began."""

from typing import ClassVar

from pydantic import Field

from overtone.core.part import Part


class Anchor(Part, package="overtone.train.anchors"):
    """A penalty of half the strength times the summed squares of how far each weight of the base has moved."""

    sampled: ClassVar[bool] = False  # whether squares are weighted by what rows of earlier stages say

    strength: float = Field(gt=0, description="what half of the summed squares is multiplied by")
