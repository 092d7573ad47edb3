"""Attention over a stream equals one dense formula over each row alone: outputs and gradients."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.attention.attend import attend
from overtone.engine.stream import Segment, Stream

HEADS, HEAD = 4, 8


def tree(*parts: tuple[int, int | None]) -> Stream:
    """A stream of segments given by length and parent; every segment ends a row."""
    segments: list[Segment] = []
    for length, parent in parts:
        start = segments[-1].end if segments else 0
        segments.append(Segment(start, start + length, parent))
    nothing = torch.zeros(segments[-1].end, dtype=torch.long)
    return Stream(nothing, nothing, tuple(segments), tuple(range(len(segments))))


FLAT = tree((5, None), (5, None), (9, None), (1, None), (40, None), (40, None), (130, None), (3, None))
TREE = tree((7, None), (4, 0), (4, 0), (6, 0), (3, 3), (3, 3), (1, 5), (5, None), (70, 7), (70, 7), (2, None))


def drawn(stream: Stream, key_heads: int, dtype: torch.dtype) -> list[Tensor]:
    torch.manual_seed(0)
    time = stream.segments[-1].end
    return [
        torch.randn(time, heads, HEAD, dtype=dtype, requires_grad=True)
        for heads in (HEADS, key_heads, key_heads)
    ]


def by_rows(query: Tensor, key: Tensor, value: Tensor, stream: Stream, **asked: Any) -> Tensor:
    """The formula itself, one row and one head at a time, into the last segment of each row."""
    group = query.shape[1] // key.shape[1]
    result = []
    for segment, places in zip(stream.segments, stream.places, strict=True):
        own = range(segment.start, segment.end)
        heads = []
        for head in range(query.shape[1]):
            products = asked["scale"] * query[own, head] @ key[places, head // group].T
            if asked.get("softcap"):
                products = asked["softcap"] * torch.tanh(products / asked["softcap"])
            back = torch.arange(len(places))[-len(own) :, None] - torch.arange(len(places))
            hidden = (back < 0) & torch.tensor(asked["causal"])
            if asked.get("window"):
                hidden |= back.abs() >= asked["window"]
            heads.append(products.masked_fill(hidden, -torch.inf).softmax(-1) @ value[places, head // group])
        result.append(torch.stack(heads, 1))
    return torch.cat(result)


CASES = [
    (stream, {"causal": causal, "scale": 0.3, "window": window, "softcap": softcap})
    for stream, causal, window, softcap in product((FLAT, TREE), (True, False), (None, 3, 500), (None, 1.5))
    if causal or stream is FLAT
]


@pytest.mark.parametrize("key_heads", [1, 2, 4])
@pytest.mark.parametrize(("dtype", "near"), [(torch.float32, 1e-5), (torch.float64, 1e-13)])
@pytest.mark.parametrize(("stream", "asked"), CASES)
def test_outputs_and_gradients_are_those_of_the_formula(
    stream: Stream, asked: dict[str, Any], dtype: torch.dtype, near: float, key_heads: int
) -> None:
    parts = drawn(stream, key_heads, dtype)
    direction = torch.randn(stream.segments[-1].end, HEADS, HEAD, dtype=dtype)
    found, wanted = (form(*parts, stream, **asked) for form in (attend, by_rows))
    assert torch.allclose(found, wanted, atol=near, rtol=near)
    gradients = torch.autograd.grad((found * direction).sum(), parts)
    for one, other in zip(gradients, torch.autograd.grad((wanted * direction).sum(), parts), strict=True):
        assert (one - other).norm() <= near * other.norm()


@pytest.mark.parametrize("window", [None, 3])
@pytest.mark.parametrize("causal", [True, False])
def test_a_row_changes_no_other_by_a_bit(causal: bool, window: int | None) -> None:
    query, key, value = (part.detach() for part in drawn(FLAT, 2, torch.float32))
    asked: dict[str, Any] = {"causal": causal, "scale": 0.3, "window": window}
    before = attend(query, key, value, FLAT, **asked)
    changed = FLAT.segments[1]
    inside = torch.zeros(len(query), dtype=torch.bool)
    inside[changed.start : changed.end] = True
    other = [torch.where(inside[:, None, None], torch.randn_like(part), part) for part in (query, key, value)]
    after = attend(*other, FLAT, **asked)
    assert torch.equal(before[~inside], after[~inside])
    assert not torch.equal(before[inside], after[inside])


@pytest.mark.parametrize(("window", "causal"), [(3, True), (3, False), (300, True), (300, False)])
def test_rows_far_longer_than_the_window_see_the_window(window: int, causal: bool) -> None:
    stream = tree((600, None), (700, None), (300, 1), (299, 1)) if causal else tree((700, None), (600, None))
    parts = drawn(stream, 2, torch.float64)
    asked: dict[str, Any] = {"causal": causal, "scale": 0.3, "window": window}
    assert torch.allclose(attend(*parts, stream, **asked), by_rows(*parts, stream, **asked), atol=1e-13)


def test_dropout_keeps_the_mean_and_is_drawn_anew() -> None:
    query, key, value = drawn(TREE, 2, torch.float64)
    whole = attend(query, key, value, TREE, causal=True, scale=0.3)
    drawings = [attend(query, key, value, TREE, causal=True, scale=0.3, dropout=0.2) for _ in range(400)]
    assert not torch.equal(drawings[0], drawings[1])
    assert (torch.stack(drawings).mean(0) - whole).norm() < 0.05 * whole.norm()


def test_a_shared_beginning_needs_causal_attention() -> None:
    with pytest.raises(ValueError, match="needs causal attention"):
        attend(*drawn(TREE, 2, torch.float32), TREE, causal=False, scale=1.0)


def test_an_empty_row_is_passed_over() -> None:
    stream = tree((3, None), (0, None), (2, None))
    parts = drawn(stream, 2, torch.float32)
    wanted = attend(*parts, tree((3, None), (2, None)), causal=True, scale=1.0)
    assert torch.equal(attend(*parts, stream, causal=True, scale=1.0), wanted)
