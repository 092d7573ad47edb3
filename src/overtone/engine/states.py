"""Hidden states of a stream of rows, whatever the layout."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from overtone.engine.flat import flat_states
from overtone.engine.frozen_context import remembered_beginning
from overtone.engine.hidden import padded_states, plain
from overtone.engine.layout import layout_of
from overtone.engine.lean.decoder import lean_states
from overtone.engine.parent import parent_of
from overtone.engine.stream import Stream


def states(body: Any, stream: Stream, asked: Tensor | None = None) -> Tensor:
    """Last hidden states, after the final norm: (places, hidden).

    At the `asked` places of the stream, which may repeat, or at all of them. Gradients reach the body's weights.
    """
    model, parent, layout = plain(body), parent_of(body), layout_of(body)
    stream = stream.to(model.device)
    if parent is None:
        return LAYOUTS[layout.name](model, stream, asked)
    return parent.states(BEHIND[layout.name], model, stream, asked)


def _lean(model: Any, stream: Stream, asked: Tensor | None) -> Tensor:
    """From where frozen work is remembered, if it is."""
    first, hidden = remembered_beginning(model, stream)
    return lean_states(model, stream, asked, first, hidden)


LAYOUTS = {"lean": _lean, "flat": flat_states, "padded": padded_states}
# Behind a learned parent nothing is remembered.
BEHIND: dict[str, Callable[..., Tensor]] = {**LAYOUTS, "lean": lean_states}
