"""An axis: from values to places in a picture, with ticks at round numbers."""

from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight scale from `low` at place `start` to `high` at place `end`; logarithmic where it says so."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a value lies; values beyond the ends lie at the ends."""
        low, high, value = (self._scaled(number) for number in (self.low, self.high, value))
        share = min(1.0, max(0.0, (value - low) / ((high - low) or 1.0)))
        return self.start + share * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Round values within the axis: powers of ten, or steps of 1, 2 or 5."""
        if self.logarithmic:
            powers = range(ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9) + 1)
            return [10.0**power for power in powers]
        step = round_step((self.high - self.low) / wanted)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [round(index * step, 12) for index in range(first, last + 1)]

    def _scaled(self, value: float) -> float:
        return log10(max(value, 1e-12)) if self.logarithmic else value


def round_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below a rough step."""
    power = 10.0 ** floor(log10(max(rough, 1e-12)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
