"""A root-mean-square norm by itself, with its backward pass written by hand."""

from typing import Any

from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.lean.fronts import Norm


def norm_of(module: nn.Module) -> Norm | None:
    """The norm that a module computes; None where it is more than a plain root-mean-square norm."""
    plain = type(module).__name__.endswith("RMSNorm") and not module._forward_hooks
    epsilon = getattr(module, "variance_epsilon", None)
    return Norm(epsilon) if plain and epsilon is not None else None


def normalise(module: nn.Module, rows: Tensor) -> Tensor:
    """The module's norm of the last axis."""
    front = norm_of(module)
    result: Tensor = module(rows) if front is None else _Normalise.apply(front, rows, module.weight)  # type: ignore[no-untyped-call]
    return result


class _Normalise(Function):
    @staticmethod
    def forward(ctx: Any, front: Norm, rows: Tensor, weight: Tensor) -> Tensor:
        output, kept = front.forward(rows, weight)
        ctx.save_for_backward(rows, weight, *kept)
        ctx.front = front
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        rows, weight, *kept = ctx.saved_tensors
        needs = ctx.needs_input_grad[1:]
        return None, *ctx.front.backward(grad, (rows, weight), tuple(kept), None, needs)
