"""Causal attention of short rows on a CPU: some tokens at a time, each against all keys that it sees at once.

The products of some ten queries, in all heads that share a key, with the keys of a short row fit into the cache, and
plain matrix products over them are faster than a kernel that cuts the keys too. Short neighbours stand together
under one mask. The backward pass needs only queries, keys and values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.attention.ask import Ask
from overtone.engine.stream import Segment

TOKENS = 64  # of a block at most
LONGEST = 1536  # a row of more tokens is left to the other kernel


@dataclass(frozen=True)
class Block:
    """Tokens `start` to `end` see the keys from `first` on, and of themselves what `mask` leaves."""

    first: int
    start: int
    end: int
    mask: Tensor  # (tokens, 1, tokens): minus infinity where a token does not see another


def takes(query: Tensor, ask: Ask) -> bool:
    """Short causal rows on a CPU that share nothing."""
    short = ask.calls.longest <= LONGEST and not ask.calls.shared
    return query.device.type == "cpu" and ask.is_plain and ask.causal and short


def by_blocks(query: Tensor, key: Tensor, value: Tensor, ask: Ask) -> Tensor:
    """Attention in rows that share nothing: query (time, heads, head), key and value (time, key heads, head)."""
    result: Tensor = _Blocks.apply(query, key, value, blocks_of(ask.segments), ask.scale)  # type: ignore[no-untyped-call]
    return result


@lru_cache(maxsize=64)  # every layer asks for the blocks of the same stream
def blocks_of(segments: tuple[Segment, ...]) -> tuple[Block, ...]:
    """Long segments in pieces of nearly equal size, short neighbours together."""
    blocks: list[Block] = []
    together: list[Segment] = []
    for segment in segments:
        if together and segment.end - together[0].start > TOKENS:
            blocks.append(_whole(together))
            together = []
        if segment.end - segment.start > TOKENS:
            blocks += _pieces(segment)
        elif segment.end > segment.start:
            together.append(segment)
    return (*blocks, _whole(together)) if together else tuple(blocks)


class _Blocks(Function):
    @staticmethod
    def forward(
        ctx: Any, query: Tensor, key: Tensor, value: Tensor, blocks: tuple[Block, ...], scale: float
    ) -> Tensor:
        queries, keys, values = (_grouped(part, key.shape[1]) for part in (query, key, value))
        outputs = torch.empty_like(queries)
        for block, at, seen in _places(blocks, query.shape[1] // key.shape[1]):
            weights = _weights(queries[:, at], keys[:, seen], block.mask, scale)
            outputs[:, at] = weights @ values[:, seen]
        ctx.save_for_backward(query, key, value)
        ctx.blocks, ctx.scale = blocks, scale
        return _flat(outputs, query)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value = ctx.saved_tensors
        queries, keys, values, grads = (_grouped(part, key.shape[1]) for part in (query, key, value, grad))
        of_queries = torch.empty_like(queries)
        of_keys, of_values = torch.zeros_like(keys), torch.zeros_like(values)
        for block, at, seen in _places(ctx.blocks, query.shape[1] // key.shape[1]):
            weights = _weights(queries[:, at], keys[:, seen], block.mask, ctx.scale)
            of_values[:, seen] += weights.mT @ grads[:, at]
            of_weights = grads[:, at] @ values[:, seen].mT
            of_products = torch._softmax_backward_data(of_weights, weights, -1, weights.dtype)
            of_products.mul_(ctx.scale)
            of_queries[:, at] = of_products @ keys[:, seen]
            of_keys[:, seen] += of_products.mT @ queries[:, at]
        return _flat(of_queries, query), _flat(of_keys, key), _flat(of_values, value), None, None


def _places(blocks: Sequence[Block], group: int) -> Iterator[tuple[Block, slice, slice]]:
    """Where a block's queries stand among grouped ones, and the keys that they see."""
    for block in blocks:
        yield block, slice(block.start * group, block.end * group), slice(block.first, block.end)


def _weights(queries: Tensor, keys: Tensor, mask: Tensor, scale: float) -> Tensor:
    """softmax(scale * queries keys^T), with the mask on the last keys: (key heads, tokens * group, keys)."""
    products = (queries @ keys.mT).mul_(scale)
    products.view(len(queries), len(mask), -1, keys.shape[1])[..., -len(mask) :].add_(mask)
    return torch.softmax(products, -1, out=products)


def _grouped(part: Tensor, key_heads: int) -> Tensor:
    """(time, heads, head) to (key heads, time * heads that share a key, head)."""
    time, _, size = part.shape
    return part.reshape(time, key_heads, -1, size).transpose(0, 1).reshape(key_heads, -1, size)


def _flat(grouped: Tensor, like: Tensor) -> Tensor:
    """Back to (time, heads, head)."""
    time, _, size = like.shape
    return grouped.view(len(grouped), time, -1, size).transpose(0, 1).reshape(like.shape)


def _whole(segments: Sequence[Segment]) -> Block:
    """Neighbours that fit into one block: each token sees its own segment up to itself."""
    start = segments[0].start
    lengths = torch.tensor([segment.end - segment.start for segment in segments])
    owner = torch.arange(len(segments)).repeat_interleave(lengths)
    mask = _triangle(len(owner)).masked_fill((owner[:, None] != owner)[:, None], -torch.inf)
    return Block(start, start, segments[-1].end, mask)


def _pieces(segment: Segment) -> Iterator[Block]:
    length = segment.end - segment.start
    size = -(-length // -(-length // TOKENS))
    for start in range(segment.start, segment.end, size):
        end = min(start + size, segment.end)
        yield Block(segment.start, start, end, _triangle(end - start))


@lru_cache(maxsize=256)
def _triangle(tokens: int) -> Tensor:
    """A mask that hides from each token those behind it."""
    return torch.full((tokens, tokens), -torch.inf).triu_(1)[:, None]
