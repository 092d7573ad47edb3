"""Cross-fitting: what is fitted on one half of the rows is judged on the other, so that no row judges itself."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Fitted = TypeVar("Fitted")
Places = NDArray[np.int64]


def halves(n: int, seed: int) -> tuple[Places, Places]:
    """The places of `n` rows in two halves, drawn by lot and each in order."""
    drawn = np.random.default_rng(seed).permutation(n)
    return np.sort(drawn[: n // 2]), np.sort(drawn[n // 2 :])


def cross_fit(n: int, seed: int, fit: Callable[[Places], Fitted]) -> list[tuple[Fitted, Places]]:
    """What `fit` makes of each half, with the places of the other half, which it is to be judged on."""
    first, second = halves(n, seed)
    return [(fit(first), second), (fit(second), first)]
