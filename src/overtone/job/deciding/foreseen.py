"""What a training would take, as a few of its steps foretell it."""

from collections.abc import Sequence
from dataclasses import dataclass

from overtone.job.deciding.spent import Spent


@dataclass(frozen=True)
class Foreseen:
    """What a whole training would take, the bytes that it leaves (`kept`) and needs for a while (`most`), both on disk.

    `weights` are the bytes of the loaded base in memory, packed where it is.
    """

    took: Spent
    kept: int
    most: int
    weights: int = 0
    further: float = (
        0.0  # megabytes that the few rows do not take: compiled for other sizes of steps, or a second model
    )


def added(stages: Sequence[Foreseen]) -> Foreseen:
    """Stages one after the other: what they take adds up, and what each keeps stands while the next is trained."""
    kept = sum(one.kept for one in stages)
    most = kept + max(one.most - one.kept for one in stages)
    weights, further = max(one.weights for one in stages), max(one.further for one in stages)
    return Foreseen(sum((one.took for one in stages), Spent()), kept, most, weights, further)
