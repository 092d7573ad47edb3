"""Attention over a stream with the flash kernel for rows of any length on CUDA: in half precision, a call a level.

All segments see themselves in one call. Shared beginnings cost one more call for each level of the tree of segments,
in which everything that descends from a segment sees the whole segment. The calls are joined as in `flash`: Dao et
al. 2022, "FlashAttention", arXiv 2205.14135, section 3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import Calls

_forward = torch.ops.aten._flash_attention_forward
_backward = torch.ops.aten._flash_attention_backward

LARGEST_HEAD = 256  # and a multiple of 8: what the kernel takes
Span = tuple[int, int, int, int]  # the queries from, to and the keys from, to


@dataclass(frozen=True, eq=False)
class Level:
    """One call: ranges of queries that do not overlap, each of which sees one range of keys."""

    asks: slice | Tensor  # the places of the queries in the stream
    sees: slice | Tensor
    ask_starts: Tensor  # (ranges + 1,), int32: where each range begins among them
    see_starts: Tensor
    longest_ask: int
    longest_see: int


def takes(query: Tensor, ask: Ask) -> bool:
    """Streams in half precision on an NVIDIA device of compute capability 8 or more; windows where none is shared."""
    return (
        query.device.type == "cuda"
        and query.dtype in (torch.float16, torch.bfloat16)
        and ask.softcap is None
        and not ask.dropout
        and (ask.window is None or not ask.calls.shared)
        and query.shape[2] % 8 == 0
        and query.shape[2] <= LARGEST_HEAD
        and torch.version.cuda is not None
        and torch.cuda.get_device_capability(query.device) >= (8, 0)
    )


def by_varlen(query: Tensor, key: Tensor, value: Tensor, ask: Ask) -> Tensor:
    """Attention of a stream's calls: query (time, heads, head), key and value (time, key heads, head)."""
    levels = levels_of(ask.calls, query.device)
    result: Tensor = _Varlen.apply(query, key, value, levels, ask.causal, ask.scale, ask.window)  # type: ignore[no-untyped-call]
    return result


@lru_cache(maxsize=16)  # every layer asks for the levels of the same stream
def levels_of(calls: Calls, device: torch.device) -> tuple[Level, ...]:
    """Every segment against itself, then the shared beginnings, those of whose queries overlap in different levels."""
    own = [
        (start, start + run.length) for run in calls.runs for start in range(run.start, run.end, run.length)
    ]
    levels: list[list[Span]] = []
    for call in calls.shared:  # those nearer to the root come first
        level = next((spans for spans in levels if spans[-1][1] <= call.start), None)
        if level is None:
            levels.append(level := [])
        level.append((call.start, call.end, call.key_start, call.key_end))
    return tuple(_level(spans, device) for spans in ([span + span for span in own], *levels))


def _level(spans: Sequence[Span], device: torch.device) -> Level:
    (asks, ask_starts, longest_ask), (sees, see_starts, longest_see) = (
        _ranges([(span[at], span[at + 1]) for span in spans], device) for at in (0, 2)
    )
    # With single queries the kernel would exchange heads and queries, and the layout of its log-sum-exp with them.
    return Level(asks, sees, ask_starts, see_starts, max(2, longest_ask), longest_see)


def _ranges(ranges: Sequence[tuple[int, int]], device: torch.device) -> tuple[slice | Tensor, Tensor, int]:
    """The places in ranges, where each range begins among them, and the length of the longest."""
    lengths = [end - start for start, end in ranges]
    starts = torch.tensor([0, *lengths], dtype=torch.int32).cumsum(0, dtype=torch.int32).to(device)
    if all(end == start for (_, end), (start, _) in pairwise(ranges)):
        return slice(ranges[0][0], ranges[-1][1]), starts, max(lengths)
    places = torch.cat([torch.arange(start, end) for start, end in ranges])
    return places.to(device), starts, max(lengths)


class _Varlen(Function):
    @staticmethod
    def forward(
        ctx: Any,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        levels: tuple[Level, ...],
        causal: bool,
        scale: float,
        window: int | None,
    ) -> Tensor:
        own, *shared = levels
        output, total = _call(query, key, value, own, causal, scale, window)
        if shared:
            output = output.to(total.dtype)
        for level in shared:
            at, seen = level.asks, level.sees
            part, logs = _call(query[at], key[seen], value[seen], level, False, scale, None)
            output[at], total[:, at] = _joined(output[at], total[:, at], part, logs)
        output = output.to(query.dtype)
        ctx.save_for_backward(query, key, value, output, total)
        ctx.asked = levels, causal, scale, window
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, output, total = ctx.saved_tensors
        (own, *shared), causal, scale, window = ctx.asked
        grads = _call_backward((grad, query, key, value, output, total), own, causal, scale, window)
        if shared:
            grads = [part.to(total.dtype) for part in grads]
        for level in shared:
            at, seen = level.asks, level.sees
            asked = (grad[at], query[at], key[seen], value[seen], output[at], total[:, at].contiguous())
            parts = _call_backward(asked, level, False, scale, None)
            for whole, part, place in zip(grads, parts, (at, seen, seen), strict=True):
                whole[place] += part
        return (*(part.to(query.dtype) for part in grads), None, None, None, None)


def _call(
    query: Tensor, key: Tensor, value: Tensor, level: Level, causal: bool, scale: float, window: int | None
) -> tuple[Tensor, Tensor]:
    """One level's output, as the queries, and its log-sum-exp: (heads, queries)."""
    starts = (level.ask_starts, level.see_starts, level.longest_ask, level.longest_see)
    left, right = _window(window, causal)
    output, logs, *_ = _forward(
        query,
        key,
        value,
        *starts,
        0.0,
        causal,
        False,
        scale=scale,
        window_size_left=left,
        window_size_right=right,
    )
    return output, logs


def _call_backward(
    tensors: Sequence[Tensor], level: Level, causal: bool, scale: float, window: int | None
) -> Sequence[Tensor]:
    """The gradients of queries, keys and values, given those of the output and what the forward pass knew."""
    starts = (level.ask_starts, level.see_starts, level.longest_ask, level.longest_see)
    left, right = _window(window, causal)
    nothing = [
        torch.zeros(size, dtype=torch.uint64, device=tensors[0].device) for size in (2, 0)
    ]  # no dropout
    found: Sequence[Tensor] = _backward(
        *tensors, *starts, 0.0, causal, *nothing, scale=scale, window_size_left=left, window_size_right=right
    )
    return found


def _window(window: int | None, causal: bool) -> tuple[int, int]:
    """How many tokens before and behind itself a token sees: -1 where there is no bound but causality."""
    if window is None:
        return -1, 0 if causal else -1
    return window - 1, 0 if causal else window - 1


def _joined(output: Tensor, total: Tensor, part: Tensor, logs: Tensor) -> tuple[Tensor, Tensor]:
    """Attention over further keys joined into an output (time, heads, head) and its log-sum-exp (heads, time)."""
    joined = torch.logaddexp(total, logs)
    first, second = ((one - joined).exp().t()[..., None] for one in (total, logs))
    return output * first + part * second, joined
