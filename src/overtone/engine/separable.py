"""A loss that is a sum over positions, formed from logits in chunks: the full logits never stand in memory.

The gradients of each chunk are formed in the forward pass, while its logits are there, so none are computed twice.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.head import module_logits, vocabulary_of
from overtone.engine.logits import chunks

# From the logits (positions, vocabulary) of the positions of a slice to what the loss sums over them: a number.
Chunk = Callable[[Tensor, slice], Tensor]


def separable_loss(
    hidden: Tensor, projection: nn.Module, chunk: Chunk, softcap: float | None = None
) -> Tensor:
    """The sum of `chunk` over all positions of hidden states (positions, hidden): a number.

    Its gradients reach the states and what learns in the projection.
    """
    learned = [weight for weight in projection.parameters() if weight.requires_grad]
    result: Tensor = _Separable.apply(projection, chunk, softcap, hidden, *learned)  # type: ignore[no-untyped-call]
    return result


class _Separable(Function):
    """The sum, with its gradients formed in the forward pass where any are asked for."""

    @staticmethod
    def forward(
        ctx: Any, projection: nn.Module, chunk: Chunk, softcap: float | None, hidden: Tensor, *learned: Tensor
    ) -> Tensor:
        total = hidden.new_zeros((), dtype=torch.float32)
        needed = any(ctx.needs_input_grad)
        of_hidden = torch.zeros_like(hidden) if needed else None
        of_learned = [torch.zeros_like(weight) for weight in learned] if needed else []
        for at in chunks(len(hidden), vocabulary_of(projection)):
            with torch.set_grad_enabled(needed):
                rows = hidden[at].detach().requires_grad_(needed)
                value = chunk(module_logits(rows, projection, softcap), at)
            total += value.detach()
            if of_hidden is not None:
                of_hidden[at], *others = torch.autograd.grad(value, [rows, *learned], allow_unused=True)
                for kept, found in zip(of_learned, others, strict=True):
                    kept.add_(found)
        ctx.gradients = (of_hidden, *of_learned)
        return total

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        return None, None, None, *(found * grad.to(found.dtype) for found in ctx.gradients)
