"""Hidden states below the lowest weight that learns: the same in every epoch, so they are remembered.

Training then begins at that depth. The recipe counts only what lies below, so that what learns above, and the
adapters there, change nothing.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from overtone.engine.hidden import plain
from overtone.engine.lean.roles import decoder_roles
from overtone.engine.pack import pack
from overtone.engine.remember.recipe import Recipe, make_recipe
from overtone.engine.remember.remembered import CHUNK_TOKENS, foresee, remembered
from overtone.engine.remember.store import Store
from overtone.engine.remember.values import Row, Values
from overtone.engine.rest import at_rest
from overtone.engine.stream import Stream

if TYPE_CHECKING:
    from torch import Tensor, nn


def frozen_depth(body: Any) -> int:
    """How many layers of a lean decoder, from the lowest up, are frozen; 0 where its token embedding learns."""
    if _learns(decoder_roles(plain(body)).embedding):
        return 0
    layers = plain(body).base_model.layers
    return next((depth for depth, layer in enumerate(layers) if _learns(layer)), len(layers))


class FrozenStates:
    """Hidden states of rows where they enter layer `depth` of a lean decoder, from a store.

    `name` is what people call the base. The weights below are read for the recipe once: they do not change while
    this object is in use. Frozen layers run without dropout.
    """

    def __init__(
        self, store: Store | None, name: str, body: Any, depth: int, chunk_tokens: int = CHUNK_TOKENS
    ) -> None:
        self.store, self.name, self.model, self.depth = store, name, plain(body), depth
        self.chunk_tokens = chunk_tokens

    def of(self, rows: Sequence[Row]) -> "list[Tensor]":
        """The states of each row: (tokens, hidden)."""
        return remembered(
            self.store, lambda: self._recipe, rows, self._compute, self.chunk_tokens, share=True
        )

    def foresee(self, rows: Sequence[Row]) -> None:
        """Settle now which rows will be computed together, so that their later order does not decide it."""
        if self.store is not None:
            foresee(self.store, self._recipe, rows, self.chunk_tokens, share=True)

    def in_stream(self, stream: Stream) -> "Tensor":
        """The states of a stream's tokens: (time, hidden).

        What several rows share is taken from the first of them.
        """
        tokens = stream.tokens.tolist()
        states = self.of([[tokens[place] for place in places] for places in stream.places])
        hidden = states[0].new_empty(len(stream.tokens), states[0].shape[1])
        for row in reversed(range(len(states))):
            hidden[stream.places[row]] = states[row]
        return hidden.to(stream.tokens.device)

    @cached_property
    def _recipe(self) -> Recipe:
        below, settings = _below(self.model, self.depth), {"depth": self.depth}
        return make_recipe(self.name, self.model, "hidden states", settings, "lean", below)

    def _compute(self, rows: Sequence[Row]) -> Values:
        import torch

        from overtone.engine.lean.decoder import lean_states

        stream = pack(rows).to(self.model.device)
        with at_rest(self.model), torch.no_grad():
            return Values(lean_states(self.model, stream, last=self.depth), stream.places)


def _below(model: Any, depth: int) -> "dict[str, nn.Module]":
    """What hidden states at a depth are computed by."""
    roles = decoder_roles(model)
    layers = {f"layers.{index}": layer for index, layer in enumerate(model.base_model.layers[:depth])}
    return {"embedding": roles.embedding, "rotary": roles.rotary, **layers}


def _learns(module: "nn.Module") -> bool:
    return any(weight.requires_grad for weight in module.parameters())
