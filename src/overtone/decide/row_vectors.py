"""Vectors of the labelled rows: embedded once, read by every rival that works on frozen features."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from overtone.core.example import Example
from overtone.engine.remember import spared_seconds

if TYPE_CHECKING:
    from overtone.models.base import Base


class RowVectors:
    """Embeds the rows when first taken; later takers get the same arrays and the seconds they were spared."""

    def __init__(
        self, base: "Callable[[], Base]", train: Sequence[Example], validation: Sequence[Example]
    ) -> None:
        self._base, self._train, self._validation = base, train, validation
        self._vectors: tuple[Any, Any] | None = None
        self._seconds = 0.0

    def take(self) -> tuple[Any, Any, float]:
        """Arrays (rows, hidden) for train and validation, and the seconds spared by an earlier taker."""
        if self._vectors is not None:
            return *self._vectors, self._seconds
        from overtone.engine.features import embed

        start = time.perf_counter() + spared_seconds()
        vectors = embed(self._base(), [row.input for row in (*self._train, *self._validation)])
        self._vectors = vectors[: len(self._train)], vectors[len(self._train) :]
        self._seconds = time.perf_counter() + spared_seconds() - start
        return *self._vectors, 0.0
