"""The part of a body that does not learn while a training lasts: computed once a row, then read."""

from collections.abc import Sequence
from typing import Any

from overtone.engine.features import FrozenFeatures
from overtone.engine.frozen_context import Frozen
from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of
from overtone.engine.learner import Learner
from overtone.engine.parent import parent_of
from overtone.engine.remember import Row, Store, current_store
from overtone.engine.remember.bound import ROOM_LEFT
from overtone.engine.remember.depth import FrozenStates, frozen_depth


def frozen_part(learner: Learner, rows: Sequence[Row]) -> Frozen:
    """What of a learner's body can be remembered in a training on these rows."""
    body, model = learner.body, plain(learner.body)
    if not any(weight.requires_grad for weight in body.parameters()):
        return Frozen(model, FrozenFeatures(learner.name, body, learner.pooling))
    store = current_store()
    if store is None or layout_of(body).name != "lean" or parent_of(body) is not None:
        return Frozen(model)
    return Frozen(model, states=_states_below(store, learner.name, body, rows))


def _states_below(store: Store, name: str, body: Any, rows: Sequence[Row]) -> FrozenStates | None:
    """The states below the lowest weight that learns; None where there are none, or where they would not fit."""
    depth, model = frozen_depth(body), plain(body)
    size = sum(map(len, rows)) * model.config.hidden_size * next(model.parameters()).element_size()
    if not depth:
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
