"""An event: what a long piece of work says while it runs. Consumers show it, store it, or stop on it."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Event:
    """One line of progress: which phase, how far, and its numbers.

    `phase` is what is being done (`read`, `train fine_tune`, `answer tfidf`); `done` of `total` units
    (0 of 0 where the length is unknown); `numbers` are stored in `metrics.jsonl` (loss, rate, accuracy).
    """

    phase: str
    done: int = 0
    total: int = 0
    numbers: dict[str, float] = field(default_factory=dict)
    message: str = ""


Watch = Callable[[Event], None]


def unwatched(event: Event) -> None:
    """The watcher that looks away."""
