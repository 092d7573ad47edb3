"""The part of a body that does not learn while a training lasts: computed once a row, then read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.remember import Row, Store, current_store
from overtone.engine.remember.bound import ROOM_LEFT
from overtone.engine.remember.depth import FrozenStates, frozen_depth
from overtone.engine.stream import Stream


@dataclass(frozen=True)
class Frozen:
    """Nothing of the body learns (`whole`), or some layers do and the `states` below them are remembered."""

    body: Any  # the transformers model itself
    whole: bool
    states: FrozenStates | None = None


_current: ContextVar[Frozen | None] = ContextVar("overtone_frozen", default=None)


def frozen_part(name: str, body: Any, rows: Sequence[Row]) -> Frozen:
    """What of a body can be remembered in a training on these rows; `name` is what people call the base."""
    model = plain(body)
    if not any(weight.requires_grad for weight in body.parameters()):
        return Frozen(model, whole=True)
    store = current_store()
    if store is None or layout_of(body).name != "lean":
        return Frozen(model, whole=False)
    return Frozen(model, False, _states_below(store, name, body, rows))


def _states_below(store: Store, name: str, body: Any, rows: Sequence[Row]) -> FrozenStates | None:
    """The states below the lowest weight that learns; None where there are none, or where they would not fit."""
    depth, model = frozen_depth(body), plain(body)
    size = sum(map(len, rows)) * model.config.hidden_size * next(model.parameters()).element_size()
    if not depth or not any(weight.requires_grad for weight in model.parameters()):
        return None
    if size > store.bound.limit * (1 - ROOM_LEFT):
        store.tell(
            f"The states below layer {depth} need {size / 1e9:.1f} GB and the store holds "
            f"{store.bound.limit / 1e9:.1f}: they are computed in every epoch. OVERTONE_CACHE_GIGABYTES sets the limit."
        )
        return None
    states = FrozenStates(store, name, body, depth)
    states.foresee(rows)
    return states


@contextmanager
def resting(part: Frozen) -> Iterator[None]:
    """Use a body's frozen part as it is remembered, while the context lasts."""
    token = _current.set(part)
    try:
        yield
    finally:
        _current.reset(token)


def rests(body: Any) -> bool:
    """Whether nothing of this body learns in the training at this place."""
    part = _current.get()
    return part is not None and part.whole and part.body is plain(body)


def remembered_beginning(model: Any, stream: Stream) -> tuple[int, Tensor | None]:
    """The layer at which the work on a stream begins, and the states that enter it: (0, None) without frozen ones."""
    part = _current.get()
    if part is None or part.states is None or part.body is not model:
        return 0, None
    return part.states.depth, part.states.in_stream(stream)
