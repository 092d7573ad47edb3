"""Adapters made ready for a network: alone for a prompt, stacked for rows that each have their own.

A row's share is computed by itself, so its bits do not depend on its neighbours. They do not depend on the widths
of the stack either, because ranks and outputs are rounded up to whole vector registers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from overtone.core.errors import UserError, nearest
from overtone.generate.adapters import Adapter, Pair
from overtone.generate.network import Network
from overtone.generate.product import Part, Product

REGISTER = 16  # floats; a width that is a multiple is summed alike wherever it starts


@dataclass(frozen=True)
class Fitted:
    """An adapter by the products of a network."""

    pairs: dict[str, tuple[tuple[Part, Pair], ...]]
    rank: int

    def add(self, key: str, inputs: Tensor, outputs: Tensor) -> None:
        """Add to the outputs of rows (rows, outputs) that all have this adapter."""
        for part, pair in self.pairs.get(key, ()):
            outputs[:, part.start : part.end].addmm_(inputs @ pair.down.t(), pair.up.t())


def fit(adapter: Adapter, network: Network) -> Fitted:
    """Sort pairs by product; UserError where a pair belongs to no product or has another shape."""
    found: dict[str, tuple[tuple[Part, Pair], ...]] = {}
    left = dict(adapter.pairs)
    for product in network.products:
        held = [(part, left.pop(part.path)) for part in product.parts if part.path in left]
        for part, pair in held:
            _check_shape(product, part, pair)
        if held:
            found[product.key] = tuple((part, _like(pair, network)) for part, pair in held)
    if left:
        path = min(left)
        known = [part.path for product in network.products for part in product.parts]
        raise UserError(f"an adapter changes '{path}', no linear layer of the base.{nearest(path, known)}")
    return Fitted(found, adapter.rank)


@dataclass(frozen=True)
class _Stacked:
    """Pairs of one product for several rows: A of all parts side by side, and B of each part."""

    down: Tensor  # (rows, inputs, parts x rank)
    ups: tuple[tuple[Part, Tensor], ...]  # (rows, rank, outputs rounded up)


class Stack:
    """The adapters of the rows of a batch, in their order."""

    def __init__(self, network: Network, rows: Sequence[Fitted]) -> None:
        self._rows = list(rows)
        self._rank = rounded(max(one.rank for one in rows))
        same = all(one is rows[0] for one in rows)
        held = rows[:1] if same else rows  # rows with one adapter read the same memory
        self._stacked = {
            product.key: self._stack(product, parts, held, len(rows))
            for product in network.products
            if (parts := _touched(product, held))
        }

    def add(self, key: str, inputs: Tensor, outputs: Tensor) -> None:
        """Add to the outputs of the rows (rows, outputs), each with its own adapter."""
        if key not in self._stacked:
            return
        stacked, count = self._stacked[key], len(inputs)
        narrow = torch.bmm(inputs[:, None], stacked.down[:count])
        for place, (part, up) in enumerate(stacked.ups):
            middle = narrow[:, :, place * self._rank : (place + 1) * self._rank]
            share = torch.bmm(middle, up[:count])[:, 0, : part.end - part.start]
            outputs[:, part.start : part.end].add_(share)

    def move(self, source: int, target: int) -> None:
        """Let the row at `target` have the adapter of the one at `source`."""
        if self._rows[source] is self._rows[target]:
            return
        self._rows[target] = self._rows[source]
        for stacked in self._stacked.values():
            for tensor in (stacked.down, *(up for _, up in stacked.ups)):
                tensor[target] = tensor[source]

    def _stack(self, product: Product, parts: Sequence[Part], held: Sequence[Fitted], rows: int) -> _Stacked:
        pairs = [dict(one.pairs.get(product.key, ())) for one in held]
        example = next(pair.down for row in pairs for pair in row.values())
        down = example.new_zeros(len(held), product.inputs, len(parts) * self._rank)
        ups = []
        for place, part in enumerate(parts):
            up = example.new_zeros(len(held), self._rank, rounded(part.end - part.start))
            for row, pair in enumerate(one.get(part) for one in pairs):
                if pair is not None:
                    start = place * self._rank
                    down[row, :, start : start + len(pair.down)] = pair.down.t()
                    up[row, : len(pair.down), : len(pair.up)] = pair.up.t()
            ups.append((part, up.expand(rows, -1, -1)))
        return _Stacked(down.expand(rows, -1, -1), tuple(ups))


def rounded(width: int) -> int:
    """The width in whole registers."""
    return -(-width // REGISTER) * REGISTER


def _touched(product: Product, rows: Sequence[Fitted]) -> list[Part]:
    """The parts of a product that some adapter changes."""
    changed = {part for one in rows for part, _ in one.pairs.get(product.key, ())}
    return [part for part in product.parts if part in changed]


def _like(pair: Pair, network: Network) -> Pair:
    return Pair(pair.down.to(network.embedding), pair.up.to(network.embedding))


def _check_shape(product: Product, part: Part, pair: Pair) -> None:
    wanted = (part.end - part.start, product.inputs)
    if (len(pair.up), pair.down.shape[1]) != wanted or len(pair.down) != pair.up.shape[1]:
        raise UserError(
            f"an adapter's pair for '{part.path}' has shapes {tuple(pair.up.shape)} and {tuple(pair.down.shape)}; the "
            f"layer gives {wanted[0]} values from {wanted[1]}: it belongs to another base"
        )
