"""Rotary positions: queries and keys turned by angles that grow with the position.

Su et al. 2021, "RoFormer", arXiv 2104.09864, section 3.2.2, in the layout of halves that Llama's code has.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable


@dataclass(frozen=True)
class Angles:
    """Cosines and sines of each place of a stream, the sines of the first half negated: (time, 1, head size)."""

    cosines: Tensor
    sines: Tensor


def angles_of(rotary: nn.Module, positions: Tensor, like: Tensor) -> Angles:
    """The model's own angles at positions (time,), in the type of `like`."""
    cosines, sines = (part[0][:, None] for part in rotary(like, positions[None]))
    first, second = sines.chunk(2, -1)
    return Angles(cosines, torch.cat((-first, second), -1))


def turn(vectors: Tensor, angles: Angles) -> Tensor:
    """Vectors (time, heads, head size), turned."""
    result: Tensor = _Turn.apply(vectors, angles.cosines, angles.sines)  # type: ignore[no-untyped-call]
    return result


class _Turn(Function):
    @staticmethod
    def forward(ctx: Any, vectors: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
        ctx.save_for_backward(cosines, sines)
        return _turned(vectors, cosines, sines, 1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        cosines, sines = ctx.saved_tensors
        return _turned(grad, cosines, sines, -1), None, None


def _turned(vectors: Tensor, cosines: Tensor, sines: Tensor, direction: int) -> Tensor:
    swapped = vectors.roll(vectors.shape[-1] // 2, -1)
    return (vectors * cosines).addcmul_(swapped, sines, value=direction)
