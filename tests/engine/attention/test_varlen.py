"""The calls of the flash kernel for CUDA, joined, equal the formula forward and backward; the kernel has a stand-in."""

from typing import Any

import pytest
import torch

from overtone.engine.attention import varlen
from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import calls_of
from overtone.engine.stream import Stream
from tests.engine.attention.kernel import kernel_on_cpu
from tests.engine.attention.test_attend import CASES, FLAT, HEAD, HEADS, TREE, by_rows, drawn, tree

# Several beginnings on one level, and three levels.
DEEP = tree((6, None), (4, 0), (3, 1), (5, 2), (5, 2), (2, 1), (4, 0), (2, 6), (7, None), (3, 8), (1, None))
ASKS = [
    (stream, {name: value for name, value in asked.items() if name != "softcap"})
    for stream, asked in [*CASES, (DEEP, {"causal": True, "scale": 0.3})]
    if not asked.get("softcap") and (stream is FLAT or asked.get("window") in (None, 500))
]


def ask_of(stream: Stream, asked: dict[str, Any]) -> Ask:
    calls = calls_of(stream.segments)
    return Ask(stream.segments, calls, asked["causal"], asked["scale"], asked.get("window"))


@pytest.mark.parametrize("key_heads", [1, 2, 4])
@pytest.mark.parametrize(("stream", "asked"), ASKS)
def test_outputs_and_gradients_are_those_of_the_formula(
    stream: Stream, asked: dict[str, Any], key_heads: int
) -> None:
    if stream is TREE:
        asked = {**asked, "window": None}  # 500 is wider than every row, which `attend` sees
    parts = drawn(stream, key_heads, torch.float64)
    direction = torch.randn(stream.segments[-1].end, HEADS, HEAD, dtype=torch.float64)
    with kernel_on_cpu():
        found = varlen.by_varlen(*parts, ask_of(stream, asked))
        gradients = torch.autograd.grad((found * direction).sum(), parts)
    wanted = by_rows(*parts, stream, **asked)
    assert torch.allclose(found, wanted, atol=1e-13)
    for one, other in zip(gradients, torch.autograd.grad((wanted * direction).sum(), parts), strict=True):
        assert (one - other).norm() <= 1e-13 * other.norm()


def test_a_call_for_each_level_and_no_more() -> None:
    for stream, levels in ((FLAT, 1), (TREE, 4), (DEEP, 4)):
        found = varlen.levels_of(calls_of(stream.segments), torch.device("cpu"))
        assert len(found) == levels
        assert found[0].asks == found[0].sees == slice(0, stream.segments[-1].end)


def test_single_queries_are_not_exchanged_with_heads() -> None:
    (own,) = varlen.levels_of(calls_of(tree((1, None), (1, None)).segments), torch.device("cpu"))
    assert (own.longest_ask, own.longest_see) == (2, 1)


def test_it_is_never_asked_on_a_cpu() -> None:
    query = torch.zeros(9, 2, 8, dtype=torch.bfloat16)
    assert not varlen.takes(query, ask_of(tree((9, None)), {"causal": True, "scale": 1.0}))
