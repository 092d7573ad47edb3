"""What stands before a linear layer, computed again in the backward pass instead of being kept: norm, gate, nothing."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import silu

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
        length = torch.linalg.vector_norm(rows, dim=-1, keepdim=True)
        inverse = length.square_().div_(rows.shape[-1]).add_(self.epsilon).rsqrt_()
        return (rows * inverse).mul_(weight), (inverse,)

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """From the kept number."""
        return (inputs[0] * kept[0]).mul_(inputs[1]), None

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """With g = grad * weight and r the kept number: r g - x r^3 mean(g x)."""
        (rows, weight), (inverse,) = inputs, kept
        of_weight = None
        if needs[1]:
            of_weight = (rows * inverse).mul_(grad).reshape(-1, rows.shape[-1]).sum(0)
        if not needs[0]:
            return None, of_weight
        grad = grad * weight
        shared = torch.linalg.vecdot(grad, rows)[..., None] * inverse**3 / rows.shape[-1]
        return grad.mul_(inverse).addcmul_(rows, shared, value=-1), of_weight


class Gate:
    """silu(gate) * up (Shazeer 2020, arXiv 2002.05202, equation 6)."""

    def forward(self, *inputs: Tensor) -> tuple[Tensor, Tensors]:
        """Of (gate, up)."""
        gate, up = inputs
        return silu(gate).mul_(up), ()

    def again(self, inputs: Tensors, kept: Tensors) -> tuple[Tensor, Tensor | None]:
        """With silu(gate) between."""
        gate, up = inputs
        open_gate = silu(gate)
        return open_gate * up, open_gate

    def backward(
        self, grad: Tensor, inputs: Tensors, kept: Tensors, between: Tensor | None, needs: tuple[bool, ...]
    ) -> tuple[Tensor | None, ...]:
        """grad * up * silu'(gate), and grad * silu(gate)."""
        gate, up = inputs
        of_up = (silu(gate) if between is None else between).mul_(grad)
        of_gate: Tensor = torch.ops.aten.silu_backward(grad.mul_(up), gate)
        return of_gate, of_up
