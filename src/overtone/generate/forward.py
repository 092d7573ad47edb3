"""One pass of a network over the new tokens of many rows: rows that go on and prompts that are read, together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import silu

from overtone.generate.network import Layer, Network
from overtone.generate.product import Product


class Keeper(Protocol):
    """Keeps keys and values of some rows and lets their new tokens look at them."""

    def attend(self, layer: int, heads: Tensor, window: int | None) -> Tensor:
        """Keep the keys and values in `heads` (tokens, query + key + value heads, head); what queries see.

        The result is (tokens, query heads x head).
        """


class LowRank(Protocol):
    """What adapters add to the products of some rows."""

    def add(self, key: str, inputs: Tensor, outputs: Tensor) -> None:
        """Add the share of the product called `key` to its outputs (tokens, outputs), in place."""


@dataclass(frozen=True)
class Span:
    """Neighbouring tokens of a pass. Only the last `asked` of them go on above the last attention."""

    tokens: Sequence[int]
    positions: Sequence[int]
    keeper: Keeper
    adapters: LowRank | None
    asked: int


def forward(network: Network, spans: Sequence[Span]) -> Tensor:
    """Logits of what follows the asked tokens, in the order of the spans: (asked, vocabulary)."""
    device = network.embedding.device
    tokens = torch.tensor([token for span in spans for token in span.tokens], device=device)
    positions = [position for span in spans for position in span.positions]
    rotation = network.rotation(torch.tensor(positions, device=device), max(positions) + 1)
    asked = _asked(spans, device)
    states = network.embedding.index_select(0, tokens)
    for index, layer in enumerate(network.layers):
        last = index == len(network.layers) - 1
        states = _layer(network, index, layer, states, rotation, spans, asked if last else None)
    late = [(span.adapters, span.asked) for span in spans]
    return _project(network.projection, network.norm(states), late)


def _layer(
    network: Network,
    index: int,
    layer: Layer,
    states: Tensor,
    rotation: Tensor,
    spans: Sequence[Span],
    asked: Tensor | None,
) -> Tensor:
    sizes = [(span.adapters, len(span.tokens)) for span in spans]
    heads = _project(layer.queries, layer.attention_norm(states), sizes)
    heads = heads.view(len(states), network.heads + 2 * network.key_heads, network.head_size)
    _turn(network, layer, heads, rotation)
    parts = torch.split(heads, [size for _, size in sizes])
    seen = [span.keeper.attend(index, part, layer.window) for span, part in zip(spans, parts, strict=True)]
    attended = seen[0] if len(seen) == 1 else torch.cat(seen)
    if asked is not None:
        states, attended = states.index_select(0, asked), attended.index_select(0, asked)
        sizes = [(span.adapters, span.asked) for span in spans]
    states = _project(layer.output, attended, sizes).add_(states)
    gate, through = _project(layer.gate, layer.gate_norm(states), sizes).chunk(2, dim=-1)
    return _project(layer.down, silu(gate).mul_(through), sizes).add_(states)


def _turn(network: Network, layer: Layer, heads: Tensor, rotation: Tensor) -> None:
    """Norms and rotation of queries and keys, in place (Su et al. 2021, "RoFormer", equation 34)."""
    queries, keys = heads[:, : network.heads], heads[:, network.heads : -network.key_heads]
    if layer.query_norm is not None:
        queries.copy_(layer.query_norm(queries))
    if layer.key_norm is not None:
        keys.copy_(layer.key_norm(keys))
    if layer.rotates:
        both = heads[:, : -network.key_heads]
        swapped = both.roll(network.head_size // 2, -1)
        both.mul_(rotation[:, 0]).addcmul_(swapped, rotation[:, 1])


def _project(product: Product, inputs: Tensor, sizes: Sequence[tuple[LowRank | None, int]]) -> Tensor:
    """The product with what the adapters of each stretch of rows add to it."""
    outputs = product(inputs)
    start = 0
    for adapters, size in sizes:
        if adapters is not None and size:
            adapters.add(product.key, inputs[start : start + size], outputs[start : start + size])
        start += size
    return outputs


def _asked(spans: Sequence[Span], device: torch.device) -> Tensor | None:
    """Places of the asked tokens; nothing where all are."""
    if all(span.asked == len(span.tokens) for span in spans):
        return None
    places: list[int] = []
    end = 0
    for span in spans:
        end += len(span.tokens)
        places += range(end - span.asked, end)
    return torch.tensor(places, dtype=torch.long, device=device)
