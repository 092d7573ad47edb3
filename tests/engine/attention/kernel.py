"""The flash kernel for rows of any length, by its plain formula, on a CPU: what torch's own does on CUDA alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

Ranges = Iterator[tuple[slice, slice]]


@contextmanager
def kernel_on_cpu() -> Iterator[None]:
    """Torch's two operators, with their own signatures, answer on a CPU while this lasts."""
    with torch.library._scoped_library("aten", "IMPL") as library:
        library.impl("_flash_attention_forward", _forward, "CPU")
        library.impl("_flash_attention_backward", _backward, "CPU")
        yield


def _forward(
    query: Tensor, key: Tensor, value: Tensor, ask_starts: Tensor, see_starts: Tensor, *rest: Any, **how: Any
) -> tuple[Tensor, ...]:
    longest_ask, longest_see, dropout, causal, debug = rest
    assert not dropout and not debug
    check((ask_starts, longest_ask), (see_starts, longest_see))
    output, logs = torch.full_like(query, torch.nan), query.new_full((query.shape[1], len(query)), torch.nan)
    for at, seen in ranges(ask_starts, see_starts):
        products = scores(query[at], key[seen], causal, **how)
        logs[:, at] = products.logsumexp(-1)
        output[at] = torch.einsum("hqk,khd->qhd", products.softmax(-1), spread(value[seen], query))
    nothing = torch.empty(0)
    return output, logs, nothing, nothing, nothing


def _backward(
    grad: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    output: Tensor,
    logs: Tensor,
    *rest: Any,
    **how: Any,
) -> tuple[Tensor, ...]:
    ask_starts, see_starts, longest_ask, longest_see, dropout, causal, _, _ = rest
    assert not dropout and logs.is_contiguous()
    check((ask_starts, longest_ask), (see_starts, longest_see))
    of_query = torch.zeros_like(query)
    of_key, of_value = torch.zeros_like(key), torch.zeros_like(value)
    for at, seen in ranges(ask_starts, see_starts):
        keys, values = spread(key[seen], query), spread(value[seen], query)
        weights = (scores(query[at], key[seen], causal, **how) - logs[:, at, None]).exp()
        of_weights = torch.einsum("qhd,khd->hqk", grad[at], values)
        delta = (grad[at] * output[at]).sum(-1).t()[..., None]
        of_products = weights * (of_weights - delta) * how["scale"]
        of_query[at] = torch.einsum("hqk,khd->qhd", of_products, keys)
        of_key[seen] = gathered(torch.einsum("hqk,qhd->khd", of_products, query[at]), key)
        of_value[seen] = gathered(torch.einsum("hqk,qhd->khd", weights, grad[at]), value)
    return of_query, of_key, of_value


def scores(
    query: Tensor, key: Tensor, causal: bool, *, scale: float, window_size_left: int, window_size_right: int
) -> Tensor:
    """Products (heads, queries, keys); a bound of -1 is none."""
    right = 0 if causal else window_size_right
    back = torch.arange(len(query))[:, None] - torch.arange(len(key))
    hidden = torch.zeros_like(back, dtype=torch.bool)
    if window_size_left >= 0:
        hidden |= back > window_size_left
    if right >= 0:
        hidden |= -back > right
    products = scale * torch.einsum("qhd,khd->hqk", query, spread(key, query))
    return products.masked_fill(hidden, -torch.inf)


def spread(part: Tensor, like: Tensor) -> Tensor:
    return part.repeat_interleave(like.shape[1] // part.shape[1], 1)


def gathered(part: Tensor, like: Tensor) -> Tensor:
    return part.view(len(part), like.shape[1], -1, part.shape[2]).sum(2)


def ranges(ask_starts: Tensor, see_starts: Tensor) -> Ranges:
    bounds = [list(zip(starts.tolist(), starts.tolist()[1:])) for starts in (ask_starts, see_starts)]
    return (tuple(slice(*one) for one in pair) for pair in zip(*bounds, strict=True))  # type: ignore[misc]


def check(*sides: tuple[Tensor, int]) -> None:
    """What the kernel asks of its starts, and that they fit the longest range."""
    for starts, longest in sides:
        assert starts.dtype == torch.int32 and starts[0] == 0 and starts.diff().max() <= longest
