"""Which tokens see which, by the formula for kernels, against the stream's own chains; and its blocks against that."""

from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.attention.seen import Seen, seen_of
from overtone.engine.stream import Segment, Stream
from tests.engine.attention.test_attend import FLAT, TREE, by_rows, drawn, tree

LONG = tree(
    (200, None), (70, 0), (70, 0), (300, 0), (33, 3), (40, 3), (1, 5), (0, None), (150, None), (70, 8)
)
CASES = [
    (stream, causal, window)
    for stream in (FLAT, TREE, LONG, tree((3, None), (0, None), (2, None)))
    for causal in (True, False)
    for window in (None, 1, 3, 150)
    if causal or not any(segment.parent is not None for segment in stream.segments)
]
cases = pytest.mark.parametrize(("stream", "causal", "window"), CASES)


def seen_in(stream: Stream, causal: bool, window: int | None, multiple: int = 16) -> Seen:
    return seen_of(stream.segments, causal, window, multiple, torch.device("cpu"))


def matrix(seen: Seen) -> Tensor:
    tokens = torch.arange(len(seen.first))
    return seen.sees(tokens[:, None], tokens)


def by_chains(stream: Stream, time: int, causal: bool, window: int | None) -> Tensor:
    """Row by row; what fills up sees itself."""
    seen = torch.zeros(time, time, dtype=torch.bool)
    end = stream.segments[-1].end
    chains = [*stream.places, list(range(end, time))]
    for places in chains:
        back = torch.arange(len(places))[:, None] - torch.arange(len(places))
        near = torch.ones_like(back, dtype=torch.bool) if window is None else back.abs() < window
        seen[torch.tensor(places, dtype=torch.long)[:, None], places] = near & (back >= 0) if causal else near
    return seen


@cases
def test_tokens_see_their_own_row_and_nothing_else(stream: Stream, causal: bool, window: int | None) -> None:
    seen = seen_in(stream, causal, window)
    assert len(seen.first) % 16 == 0 and len(seen.first) - stream.segments[-1].end < 16
    assert torch.equal(matrix(seen), by_chains(stream, len(seen.first), causal, window))


@cases
@pytest.mark.parametrize("size", [4, 16])
def test_blocks_leave_no_pair_out_and_call_none_whole_that_is_not(
    stream: Stream, causal: bool, window: int | None, size: int
) -> None:
    seen = seen_in(stream, causal, window)
    count = len(seen.first) // size
    pairs = matrix(seen).view(count, size, count, size).transpose(1, 2).flatten(2)
    some, every = seen.blocks(size)
    assert torch.equal(every, pairs.all(-1))
    assert not (pairs.any(-1) & ~some).any()
    if window is None:
        assert torch.equal(some, pairs.any(-1))


def test_a_window_passes_over_most_blocks_of_a_long_row() -> None:
    some, _ = seen_in(tree((2048, None)), True, 32).blocks(16)
    assert some.sum(1).max() == 3


@pytest.mark.parametrize("asked", [{"window": 3}, {"softcap": 1.5}, {"window": 150, "softcap": 1.5}])
def test_a_kernel_that_asks_it_gives_the_outputs_and_gradients_of_the_formula(asked: dict[str, Any]) -> None:
    parts = drawn(LONG, 4, torch.float64)
    seen, softcap = seen_in(LONG, True, asked.get("window"), 1), asked.get("softcap")
    products = 0.3 * torch.einsum("qhd,khd->hqk", *parts[:2])
    products = products if softcap is None else softcap * torch.tanh(products / softcap)
    weights = products.masked_fill(~matrix(seen), -torch.inf).softmax(-1)
    found = torch.einsum("hqk,khd->qhd", weights, parts[2])
    wanted = by_rows(*parts, LONG, causal=True, scale=0.3, **asked)
    direction = torch.randn_like(wanted)
    assert torch.allclose(found, wanted, atol=1e-13)
    gradients = [torch.autograd.grad((one * direction).sum(), parts) for one in (found, wanted)]
    assert all((one - other).norm() <= 1e-13 * other.norm() for one, other in zip(*gradients, strict=True))


def test_a_stream_that_fills_its_blocks_gets_no_more() -> None:
    segments = (Segment(0, 16), Segment(16, 32, 0))
    assert len(seen_of(segments, True, None, 16, torch.device("cpu")).first) == 32
