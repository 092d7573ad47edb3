"""What a piece of work took: seconds of the clock and of the processor."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from overtone.decide.measure import unspared_clock

Result = TypeVar("Result")


@dataclass(frozen=True)
class Spent:
    """`work` counts the seconds of what was read instead of computed too, `seconds` do not."""

    work: float
    seconds: float
    cpu: float


def timed(work: Callable[[], Result]) -> tuple[Result, Spent]:
    """The result of some work and its times."""
    begun = unspared_clock(), time.perf_counter(), time.process_time()
    result = work()
    took = unspared_clock() - begun[0], time.perf_counter() - begun[1], time.process_time() - begun[2]
    return result, Spent(*took)
