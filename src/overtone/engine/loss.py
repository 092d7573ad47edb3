"""A loss: a sum and what it sums over, so that accumulation and data parallelism stay exact."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Loss:
    """`total` summed over `units` (tokens or rows); `sums` are further sums over the same units."""

    total: "Tensor"
    units: int
    sums: dict[str, float] = field(default_factory=dict)
