"""Which part of a body does not learn in the training at this place: what lies deep in the engine asks here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from overtone.engine.hidden import plain

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.features import FrozenFeatures
    from overtone.engine.remember.depth import FrozenStates
    from overtone.engine.stream import Stream


@dataclass(frozen=True)
class Frozen:
    """The `features` of a body that does not learn at all, or the `states` below the lowest weight that learns."""

    body: Any  # the transformers model itself
    features: "FrozenFeatures | None" = None
    states: "FrozenStates | None" = None


_current: ContextVar[Frozen | None] = ContextVar("overtone_frozen", default=None)


@contextmanager
def resting(part: Frozen) -> Iterator[None]:
    """Use a body's frozen part as it is remembered, while the context lasts."""
    token = _current.set(part)
    try:
        yield
    finally:
        _current.reset(token)


def resting_features(body: Any) -> "FrozenFeatures | None":
    """The features of this body where nothing of it learns in the training at this place."""
    part = _current.get()
    return part.features if part is not None and part.body is plain(body) else None


def remembered_beginning(model: Any, stream: "Stream") -> "tuple[int, Tensor | None]":
    """The layer at which the work on a stream begins, and the states that enter it: (0, None) without frozen ones."""
    part = _current.get()
    if part is None or part.states is None or part.body is not model:
        return 0, None
    return part.states.depth, part.states.in_stream(stream)
