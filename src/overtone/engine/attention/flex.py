"""Attention over a stream with FlexAttention on CUDA: windows, soft-capping and float32, compiled to one kernel.

Dong et al. 2024, "Flex Attention", arXiv 2412.05496: the kernel passes over blocks of queries and keys of which none
sees another, and asks a formula of each pair in those that only some see. The blocks follow from the tree of segments
without any mask of all pairs.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from overtone.engine.attention.ask import Ask
from overtone.engine.attention.seen import Seen, in_range, is_near, seen_of
from overtone.engine.stream import Segment

if TYPE_CHECKING:
    from torch.nn.attention.flex_attention import BlockMask

BLOCK = 128  # tokens; streams are filled up to a multiple, so that few lengths need a kernel of their own
SMALLEST_HEAD = 16  # what the kernel takes
KERNELS = 64  # that one process may compile: for each model's heads, with and without window and gradient
Formula = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
TYPES = (torch.float32, torch.float16, torch.bfloat16)


def takes(query: Tensor, ask: Ask) -> bool:
    """Any stream on CUDA, in up to 32 bits, without dropout."""
    size = query.shape[2]
    return query.device.type == "cuda" and query.dtype in TYPES and not ask.dropout and size >= SMALLEST_HEAD


def by_flex(query: Tensor, key: Tensor, value: Tensor, ask: Ask) -> Tensor:
    """Attention of a stream: query (time, heads, head), key and value (time, key heads, head)."""
    mask = block_mask_of(ask.segments, ask.causal, ask.window, query.device)
    fill = mask.shape[-1] - len(query)
    heads = (pad(part, (0, 0, 0, 0, 0, fill)).transpose(0, 1)[None] for part in (query, key, value))
    with torch._dynamo.config.patch(recompile_limit=KERNELS):
        output: Tensor = _kernel()(
            *heads,
            score_mod=None if ask.softcap is None else capped(ask.softcap),
            block_mask=mask,
            scale=ask.scale,
            enable_gqa=query.shape[1] != key.shape[1],
        )
    return output[0].transpose(0, 1)[: len(query)]


@lru_cache(maxsize=16)  # every layer asks for the mask of the same stream
def block_mask_of(
    segments: tuple[Segment, ...], causal: bool, window: int | None, device: torch.device
) -> "BlockMask":
    """Which blocks see which: in part, where the formula decides for each pair, or wholly."""
    from torch.nn.attention.flex_attention import BlockMask

    seen = seen_of(segments, causal, window, BLOCK, device)
    some, every = seen.blocks(BLOCK)

    return BlockMask.from_kv_blocks(
        *_listed(some & ~every), *_listed(every), BLOCK_SIZE=BLOCK, mask_mod=formula_of(seen)
    )


def formula_of(seen: Seen) -> Formula:
    """Whether a query sees a key, as the compiler reads it: a function of its own for windows, closed over tensors."""
    first, end, places, window = seen.first, seen.end, seen.places, seen.window

    def sees(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return in_range(first, end, query, key)

    def sees_near(batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return in_range(first, end, query, key) & is_near(places, window or 0, query, key)

    return sees if window is None else sees_near


@lru_cache(maxsize=4)  # the same function again needs no other kernel
def capped(softcap: float) -> Callable[..., Tensor]:
    """Bounds a product c to softcap * tanh(c / softcap)."""

    def score(product: Tensor, batch: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return softcap * torch.tanh(product / softcap)

    return score


@lru_cache(maxsize=1)
def _kernel() -> Any:
    from torch.nn.attention.flex_attention import flex_attention

    return torch.compile(flex_attention, fullgraph=True)


def _listed(chosen: Tensor) -> tuple[Tensor, Tensor]:
    """How many blocks of keys each block of queries has, and which, these first: (1, 1, blocks[, blocks])."""
    numbers = chosen.to(torch.int32)
    order = numbers.argsort(dim=-1, descending=True, stable=True).to(torch.int32)
    return numbers.sum(-1, dtype=torch.int32)[None, None], order[None, None]
