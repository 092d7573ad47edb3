"""What a piece of work took: seconds of the clock and of the processor."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from overtone.decide.cost_model import straight
from overtone.decide.measure import unspared_clock

Result = TypeVar("Result")


@dataclass(frozen=True)
class Spent:
    """`work` counts the seconds of what was read instead of computed too, `seconds` and `cpu` do not."""

    work: float = 0.0
    seconds: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.work + other.work, self.seconds + other.seconds, self.cpu + other.cpu)

    def times(self, factor: float) -> "Spent":
        """The same work so often."""
        return Spent(factor * self.work, factor * self.seconds, factor * self.cpu)

    def beyond(self, other: "Spent") -> "Spent":
        """What this took more than the other, never less than nothing."""
        pairs = (self.work, other.work), (self.seconds, other.seconds), (self.cpu, other.cpu)
        return Spent(*(max(0.0, own - its) for own, its in pairs))


def timed(work: Callable[[], Result]) -> tuple[Result, Spent]:
    """The result of some work and its times."""
    begun = unspared_clock(), time.perf_counter(), time.process_time()
    result = work()
    took = unspared_clock() - begun[0], time.perf_counter() - begun[1], time.process_time() - begun[2]
    return result, Spent(*took)


def on_line(points: Sequence[tuple[float, Spent]], wanted: Sequence[float]) -> Spent:
    """The sum over wanted sizes on the straight lines through what was spent on measured ones."""

    def cost(kind: str) -> float:
        line = [(size, getattr(took, kind)) for size, took in points]
        return sum(straight(line, one) for one in wanted)

    return Spent(cost("work"), cost("seconds"), cost("cpu"))
