"""What stands before a linear layer, computed again in the backward pass instead of being kept: norm, gate, nothing."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import silu

from overtone.engine.lean.fused import fused

Tensors = tuple[Tensor, ...]


class Front(Protocol):
    """A cheap function in front of linear layers."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensors]:
        """Its output, and the small tensors that the backward pass needs beside the inputs."""
        ...

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """The output once more, and a tensor between that `backward` can use up."""
        ...

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """The gradient of each input from that of the output, which may be overwritten."""
        ...


class Nothing:
    """The input itself."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensors]:
        """The input."""
        return inputs[0], ()

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """The input."""
        return inputs[0], None

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """The gradient."""
        return (grad,)


class Norm:
    """x / sqrt(mean(x^2) + epsilon) * weight over the last axis (Zhang and Sennrich 2019, arXiv 1910.07467, eq. 4)."""

    def __init__(self, epsilon: float) -> None:
        self.epsilon = epsilon

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensors]:
        """Of (x, weight); keeps one number a row."""
        rows, weight = inputs
        output, inverse = _norm(rows, weight, self.epsilon)
        return output, (inverse,)

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """From the kept number."""
        return _scaled(inputs[0], kept[0], inputs[1]), None

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """With g = grad * weight and r the kept number: r g - x r^3 mean(g x)."""
        (rows, weight), (inverse,) = inputs, kept
        return _norm_backward(grad, rows, weight, inverse, *needs)


class Gate:
    """silu(gate) * up (Shazeer 2020, arXiv 2002.05202, equation 6)."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensors]:
        """Of (gate, up)."""
        gate, up = inputs
        return _gated(gate, up), ()

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """With silu(gate) between."""
        open_gate = silu(inputs[0])
        return open_gate * inputs[1], open_gate

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """grad * up * silu'(gate), and grad * silu(gate)."""
        gate, up = inputs
        return _gated_backward(grad, gate, up, between)


@fused
def _norm(rows: Tensor, weight: Tensor, epsilon: float) -> tuple[Tensor, Tensor]:
    """The norm, and one over the root mean square of each row; that in 32 bits at least."""
    length = torch.linalg.vector_norm(rows, dim=-1, keepdim=True, dtype=_wide(rows))
    inverse = length.square_().div_(rows.shape[-1]).add_(epsilon).rsqrt_()
    return (rows * inverse).mul_(weight).to(rows.dtype), inverse


@fused
def _scaled(rows: Tensor, inverse: Tensor, weight: Tensor) -> Tensor:
    return (rows * inverse).mul_(weight).to(rows.dtype)


@fused
def _norm_backward(
    grad: Tensor, rows: Tensor, weight: Tensor, inverse: Tensor, needs_rows: bool, needs_weight: bool
) -> tuple[Tensor | None, Tensor | None]:
    of_weight = None
    if needs_weight:
        of_weight = (rows * inverse).mul_(grad).reshape(-1, rows.shape[-1]).sum(0).to(weight.dtype)
    if not needs_rows:
        return None, of_weight
    grad = grad.to(inverse.dtype) * weight
    shared = torch.linalg.vecdot(grad, rows.to(inverse.dtype))[..., None] * inverse**3 / rows.shape[-1]
    return grad.mul_(inverse).addcmul_(rows, shared, value=-1).to(rows.dtype), of_weight


@fused
def _gated(gate: Tensor, up: Tensor) -> Tensor:
    return silu(gate).mul_(up)


@fused
def _gated_backward(
    grad: Tensor, gate: Tensor, up: Tensor, open_gate: Tensor | None
) -> tuple[Tensor, Tensor]:
    of_up = (silu(gate) if open_gate is None else open_gate).mul_(grad)
    of_gate: Tensor = torch.ops.aten.silu_backward(grad.mul_(up), gate)
    return of_gate, of_up


def _wide(rows: Tensor) -> torch.dtype:
    """The type in which sums over rows are exact enough."""
    return torch.promote_types(rows.dtype, torch.float32)
