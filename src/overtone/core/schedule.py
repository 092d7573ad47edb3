"""A schedule: a number that changes with time, as a pure function of the step."""

import math
from typing import Literal

from pydantic import Field

from overtone.core.settings import Settings

Shape = Literal["constant", "linear", "cosine"]


class Schedule(Settings):
    """A multiplier that rises from 0 over the warm-up and then stays, or falls to `final`."""

    shape: Shape = Field("linear", description="how the rate falls after the warm-up")
    warmup: float = Field(0.06, ge=0, lt=1, description="share of all steps in which the rate rises")
    final: float = Field(0.0, ge=0, le=1, description="share of the rate that is left at the end")

    def at(self, step: int, steps: int) -> float:
        """The multiplier for step `step` (counted from 0) of `steps`."""
        warm = max(1, round(self.warmup * steps))
        if step < warm:
            return (step + 1) / warm
        done = (step - warm) / max(1, steps - warm)
        fall = {"constant": 0.0, "linear": done, "cosine": (1 - math.cos(math.pi * done)) / 2}[self.shape]
        return 1 - (1 - self.final) * min(1.0, fall)
