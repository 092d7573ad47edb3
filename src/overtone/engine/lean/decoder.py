"""The lean decoder: a Llama-shaped model over a flat stream, in few steps that keep little for the backward pass."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from torch import Tensor, nn

from overtone.engine.activations import again
from overtone.engine.attention.attend import attend
from overtone.engine.lean.fronts import Front, Gate, Nothing
from overtone.engine.lean.linear import linear
from overtone.engine.lean.norm import norm_of, normalise
from overtone.engine.lean.parts import part_of
from overtone.engine.lean.product import filled, lacking
from overtone.engine.lean.roles import Decoder, Layer, decoder_roles
from overtone.engine.lean.rotary import Angles, angles_of, turn
from overtone.engine.parent import Attention, Keys
from overtone.engine.stream import Stream


def lean_states(
    model: Any,
    stream: Stream,
    asked: Tensor | None = None,
    first: int = 0,
    hidden: Tensor | None = None,
    last: int | None = None,
    keys: Keys | None = None,
) -> Tensor:
    """Hidden states of a stream behind layers `first` to `last` (exclusive), or behind all and the final norm.

    They start from the token embeddings or from `hidden` (time, hidden). Given `asked` places, which may repeat,
    only those are returned, and above the last attention only those are computed. Every token sees the learned `keys`.
    Results and gradients are those of the model's own code; layers below the lowest weight that learns leave no graph.
    Rows of tokens, and of asked places, are filled up to numbers that come again.
    """
    decoder = decoder_roles(model)
    end = len(decoder.layers) if last is None else last
    states = decoder.embedding(stream.tokens) if hidden is None else hidden
    places = len(stream.tokens) if asked is None else len(asked)
    further = lacking(len(states), states)
    states, stream = filled(states, further), stream.with_idle(further)
    asked = None if asked is None else filled(asked, lacking(len(asked), states))
    angles = angles_of(decoder.rotary, stream.positions, states)
    for index in range(first, end):
        prune = asked if index == end - 1 else None
        sees = partial(attend, stream=stream) if keys is None else keys.attention(index, stream)
        states = again(_layer)(decoder, decoder.layers[index], states, sees, angles, prune)
    if asked is not None and first >= end:
        states = states[asked]
    return (normalise(decoder.norm, states) if last is None else states)[:places]


def _layer(
    decoder: Decoder, layer: Layer, states: Tensor, sees: Attention, angles: Angles, asked: Tensor | None
) -> Tensor:
    """One layer over (time, hidden); above its attention only `asked` places go on."""
    mixed = _attention(decoder, layer, states, sees, angles)
    if asked is not None:
        mixed, states = mixed[asked], states[asked]
    states = _added(Nothing(), (mixed,), layer.output, states)
    gate, up = _normed(layer.gate_norm, states, (layer.gate, layer.up))
    return _added(Gate(), (gate, up), layer.down, states)


def _attention(decoder: Decoder, layer: Layer, states: Tensor, sees: Attention, angles: Angles) -> Tensor:
    """What each place gathers from its row: (time, heads * head size)."""
    flat = _normed(layer.attention_norm, states, (layer.query, layer.key, layer.value))
    query, key, value = (part.view(len(states), -1, decoder.head_size) for part in flat)
    query, key = _placed(layer.query_norm, query, layer, angles), _placed(layer.key_norm, key, layer, angles)
    mixed = sees(
        query,
        key,
        value,
        causal=True,
        scale=decoder.scale,
        window=layer.window,
        dropout=decoder.dropout,
    )
    return mixed.flatten(1)


def _placed(norm: nn.Module | None, vectors: Tensor, layer: Layer, angles: Angles) -> Tensor:
    """Queries or keys, normed and turned where the layer does."""
    vectors = vectors if norm is None else normalise(norm, vectors)
    return turn(vectors, angles) if layer.rotates else vectors


def _normed(norm: nn.Module, states: Tensor, modules: Sequence[nn.Module]) -> Sequence[Tensor]:
    """Linear layers over the norm of the states."""
    front, parts = norm_of(norm), [part for module in modules if (part := part_of(module))]
    if front is None or len(parts) < len(modules):
        rows = normalise(norm, states)
        return [module(rows) for module in modules]
    weight: Tensor = norm.weight  # type: ignore[assignment]
    return linear(front, (states, weight), parts)


def _added(front: Front, inputs: Sequence[Tensor], module: nn.Module, states: Tensor) -> Tensor:
    """The states plus a linear layer over front(inputs)."""
    part = part_of(module)
    if part is None:
        rows, _ = front.forward(*inputs)
        added: Tensor = module(rows)
        return states + added
    return linear(front, inputs, [part], states)[0]
