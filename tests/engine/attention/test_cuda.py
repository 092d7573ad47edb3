"""On CUDA every way of attention equals the formula in float64, forward and backward, and the fastest is taken."""

from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.attention.ask import Ask
from overtone.engine.attention.attend import attend, way_for
from overtone.engine.attention.calls import calls_of
from overtone.engine.attention.flex import by_flex
from overtone.engine.attention.plain import plain_attention
from overtone.engine.attention.varlen import by_varlen
from overtone.engine.stream import Stream
from tests.engine.attention.test_attend import FLAT, TREE, by_rows, tree
from tests.engine.attention.test_seen import LONG
from tests.engine.attention.test_varlen import DEEP

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.filterwarnings("default"),  # compilers warn of what they could do on another device
]
HEADS, HEAD = 4, 32
SINGLES = tree((1, None), (1, None), (1, None))
ASKS: list[tuple[Stream, dict[str, Any]]] = [
    (stream, {"causal": causal, "scale": 0.2, "window": window, "softcap": softcap})
    for stream in (FLAT, TREE, DEEP, LONG, SINGLES)
    for causal in (True, False)
    for window in (None, 3, 150)
    for softcap in (None, 1.5)
    if causal or stream is FLAT or stream is SINGLES
]
LIMITS = {torch.float32: 1e-4, torch.bfloat16: 3e-2, torch.float16: 4e-3}


def drawn(stream: Stream, key_heads: int) -> list[Tensor]:
    torch.manual_seed(0)
    return [torch.randn(stream.segments[-1].end, heads, HEAD) for heads in (HEADS, key_heads, key_heads)]


def results(parts: list[Tensor], direction: Tensor, form: Any) -> list[Tensor]:
    """The output and the gradients, in float64 in main memory."""
    learned = [part.detach().clone().requires_grad_() for part in parts]
    output = form(*learned)
    gradients = torch.autograd.grad((output * direction).sum(), learned)
    return [tensor.detach().double().cpu() for tensor in (output, *gradients)]


def assert_near(found: list[Tensor], wanted: list[Tensor], limit: float) -> None:
    largest = max(tensor.norm() for tensor in wanted[1:])
    for one, other in zip(found, wanted, strict=True):
        assert (one - other).norm() <= limit * max(other.norm(), largest / 100)


@pytest.mark.parametrize("key_heads", [2, 4])
@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize(("stream", "asked"), ASKS)
def test_outputs_and_gradients_are_those_of_the_formula(
    stream: Stream, asked: dict[str, Any], dtype: torch.dtype, key_heads: int
) -> None:
    parts = [part.to("cuda", dtype) for part in drawn(stream, key_heads)]
    direction = torch.randn(parts[0].shape).to("cuda", dtype)
    found = results(parts, direction, lambda *given: attend(*given, stream, **asked))
    exact = [part.double().cpu() for part in parts]
    wanted = results(exact, direction.double().cpu(), lambda *given: by_rows(*given, stream, **asked))
    assert_near(found, wanted, LIMITS[dtype])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_row_changes_no_other_by_a_bit(dtype: torch.dtype) -> None:
    parts = [part.to("cuda", dtype) for part in drawn(FLAT, 2)]
    before = attend(*parts, FLAT, causal=True, scale=0.2)  # type: ignore[misc]
    changed, inside = FLAT.segments[4], torch.zeros(len(parts[0]), dtype=torch.bool, device="cuda")
    inside[changed.start : changed.end] = True
    other = [torch.where(inside[:, None, None], torch.randn_like(part), part) for part in parts]
    after = attend(*other, FLAT, causal=True, scale=0.2)  # type: ignore[misc]
    assert torch.equal(before[~inside], after[~inside])
    assert not torch.equal(before[inside], after[inside])


def test_streams_of_many_lengths_compile_few_kernels() -> None:
    from torch._dynamo.utils import counters

    torch.compiler.reset()
    counters.clear()
    for length in range(200, 4200, 400):
        parts = [torch.randn(length, 4, HEAD, device="cuda", requires_grad=True) for _ in range(3)]
        attend(*parts, tree((length, None)), causal=True, scale=0.2).sum().backward()  # type: ignore[misc, no-untyped-call]
    assert counters["stats"]["unique_graphs"] <= 3


def taken(dtype: torch.dtype, stream: Stream = FLAT, head: int = HEAD, **asked: Any) -> Any:
    ask = Ask(stream.segments, calls_of(stream.segments), True, 1.0, **asked)
    return way_for(torch.empty(1, 1, head, dtype=dtype, device="cuda"), ask)


def test_the_fastest_way_is_taken() -> None:
    half = torch.bfloat16
    assert taken(half) is taken(half, TREE) is taken(half, window=3) is taken(half, head=8) is by_varlen
    assert taken(half, TREE, window=3) is taken(half, softcap=1.5) is taken(torch.float32, TREE) is by_flex
    plain = taken(torch.float64), taken(half, dropout=0.1), taken(torch.float32, head=8)
    assert all(way is plain_attention for way in plain)
