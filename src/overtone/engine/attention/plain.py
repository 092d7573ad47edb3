"""Attention over a stream by the plain formula: with windows, soft-capping and dropout, on any device."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import Run

BLOCK = 256  # queries at once behind a window: fewer make smaller products, more see more keys that are not theirs


def plain_attention(query: Tensor, key: Tensor, value: Tensor, ask: Ask) -> Tensor:
    """As `attend`: each run of segments against the keys of its ancestors and itself."""
    causal, window, softcap = ask.causal, ask.window, ask.softcap
    group = query.shape[1] // key.shape[1]
    parts = []
    for run in ask.calls.runs:
        queries = query[run.start : run.end].view(run.count, -1, *query.shape[1:]).transpose(1, 2)
        keys, values = (_seen(part, run).repeat_interleave(group, 1) for part in (key, value))
        above = keys.shape[2] - run.length
        blocks = []
        for asks, sees in _blocks(above, run.length, causal, window):
            mask = _visible(asks, sees, causal, window, query.device)
            at, seen = slice(asks.start - above, asks.stop - above), slice(sees.start, sees.stop)
            block = (queries[:, :, at], keys[:, :, seen], values[:, :, seen], mask, ask.dropout)
            if softcap is None:
                blocks.append(scaled_dot_product_attention(*block, scale=ask.scale))
            else:
                blocks.append(_capped(*block, ask.scale, softcap))
        parts.append(torch.cat(blocks, 2).transpose(1, 2).flatten(0, 1))
    return torch.cat(parts)


def _blocks(above: int, length: int, causal: bool, window: int | None) -> Iterator[tuple[range, range]]:
    """Blocks of a segment's places in its row, and the places that each can see; `above` tokens come before."""
    end = above + length
    block = length if window is None else max(window, BLOCK)
    for start in range(above, end, block):
        stop = min(start + block, end)
        first = 0 if window is None else max(0, start - window + 1)
        last = stop if causal else end if window is None else min(end, stop + window - 1)
        yield range(start, stop), range(first, last)


def _visible(asks: range, sees: range, causal: bool, window: int | None, device: torch.device) -> Tensor:
    """Which of the places `sees` each of the places `asks` sees: (asks, sees)."""
    query = torch.arange(asks.start, asks.stop, device=device)
    back = query[:, None] - torch.arange(sees.start, sees.stop, device=device)  # how far a key lies behind
    mask = back >= 0 if causal else torch.ones_like(back, dtype=torch.bool)
    return mask if window is None else mask & (back.abs() < window)


def _seen(part: Tensor, run: Run) -> Tensor:
    """Keys or values of a run's chain and its own segments: (count, key heads, length, head)."""
    own = part[run.start : run.end].view(run.count, -1, *part.shape[1:])
    above = [part[segment.start : segment.end].expand(run.count, -1, -1, -1) for segment in run.chain]
    return torch.cat([*above, own], 1).transpose(1, 2)


def _capped(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor, dropout: float, scale: float, softcap: float
) -> Tensor:
    products = softcap * torch.tanh(query @ key.mT * (scale / softcap))
    weights = products.masked_fill(~mask, -torch.inf).softmax(-1)
    return torch.nn.functional.dropout(weights, dropout, training=dropout > 0) @ value
