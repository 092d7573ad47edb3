"""Log-probabilities of given tokens from hidden states, in chunks: the full logits never stand in memory.

The gradient of log p(target) by the logits is onehot(target) - p. Where the weight of each position is known
beforehand, the forward pass forms all gradients while it holds a chunk, and no logits are computed twice.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint

from overtone.engine.lean.parts import Part, part_from, part_of
from overtone.engine.lean.product import filled, lacking
from overtone.engine.logits import Gradients, chunks, logits_of, probabilities_of


def log_likelihood(
    hidden: Tensor, projection: nn.Module, targets: Tensor, softcap: float | None = None
) -> Tensor:
    """The natural-log probability of each target (positions,), given its hidden state (positions, hidden).

    Gradients reach the states and what learns in the projection; only the latter cost the logits a second time.
    `softcap` bounds logits z to softcap * tanh(z / softcap).
    """
    part = part_of(projection)
    if part is None:
        return _by_module(hidden, projection, targets, softcap)
    result: Tensor = _Each.apply(hidden, targets, part.scale, softcap, *part.tensors)  # type: ignore[no-untyped-call]
    return result


def weighted_log_likelihood(
    hidden: Tensor, projection: nn.Module, targets: Tensor, weights: Tensor, softcap: float | None = None
) -> tuple[Tensor, Tensor]:
    """The sum of weights * log p(target), and the log-probabilities themselves (positions,), without gradient.

    The sum's gradients reach the states and what learns in the projection, at no further cost; the weights, known
    beforehand, get none.
    """
    part = part_of(projection)
    if part is None:
        each = _by_module(hidden, projection, targets, softcap)
        return (each * weights).sum(), each.detach()
    total, each = _Weighted.apply(hidden, targets, weights, part.scale, softcap, *part.tensors)  # type: ignore[no-untyped-call]
    return total, each


@torch.no_grad()
def top_k(
    hidden: Tensor, projection: nn.Module, k: int, softcap: float | None = None, temperature: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The `k` likeliest tokens at each position: natural-log probabilities and token ids, both (positions, k).

    The probabilities are those among all tokens, of logits divided by the temperature.
    """
    values, tokens = [], []
    for at in chunks(len(hidden), vocabulary_of(projection)):
        logits = module_logits(hidden[at], projection, softcap)
        highest = logits.div_(temperature).log_softmax(-1).topk(k)
        values.append(highest.values)
        tokens.append(highest.indices)
    return torch.cat(values), torch.cat(tokens)


class _Weighted(Function):
    """The weighted sum, with its gradients formed in the forward pass."""

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        targets: Tensor,
        weights: Tensor,
        scale: float,
        softcap: float | None,
        *tensors: Any,
    ) -> tuple[Tensor, Tensor]:
        needs = (ctx.needs_input_grad[0], *ctx.needs_input_grad[5:])
        values, gradients = _run(hidden, targets, weights, part_from(tensors, scale), softcap, needs)
        ctx.save_for_backward(*gradients)
        ctx.mark_non_differentiable(values)
        return (values * weights).sum(), values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        hidden, *tensors = (None if part is None else part * grad for part in ctx.saved_tensors)
        return hidden, None, None, None, None, *tensors


class _Each(Function):
    """Each log-probability, whose weight the backward pass will tell.

    A log-probability depends on its own state alone, so where nothing learns in the projection the forward pass forms
    its gradient, for the weight 1, while it holds the chunk. Else the backward pass runs the chunks again.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, targets: Tensor, scale: float, softcap: float | None, *tensors: Any
    ) -> Tensor:
        ctx.scale, ctx.softcap = scale, softcap
        ctx.formed = ctx.needs_input_grad[0] and not any(ctx.needs_input_grad[4:])
        needs = (ctx.formed, *(False for _ in tensors))
        weights = hidden.new_ones(len(hidden)) if ctx.formed else None
        values, gradients = _run(hidden, targets, weights, part_from(tensors, scale), softcap, needs)
        ctx.save_for_backward(*((gradients[0],) if ctx.formed else (hidden, targets, *tensors)))
        return values

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        if ctx.formed:
            (each,) = ctx.saved_tensors
            return each * grad[:, None].to(each.dtype), *(None for _ in ctx.needs_input_grad[1:])
        hidden, targets, *tensors = ctx.saved_tensors
        needs = (ctx.needs_input_grad[0], *ctx.needs_input_grad[4:])
        _, (of_hidden, *of_tensors) = _run(
            hidden, targets, grad, part_from(tensors, ctx.scale), ctx.softcap, needs
        )
        return of_hidden, None, None, None, *of_tensors


def _run(
    hidden: Tensor,
    targets: Tensor,
    weights: Tensor | None,
    part: Part,
    softcap: float | None,
    needs: Sequence[bool],
) -> tuple[Tensor, tuple[Tensor | None, ...]]:
    """Each target's log-probability, and the needed gradients of their weighted sum."""
    gradients = Gradients(hidden, part, needs)
    values = hidden.new_empty(len(hidden), dtype=torch.promote_types(hidden.dtype, torch.float32))
    for at in chunks(len(hidden), len(part.weight)):
        further = lacking(len(hidden[at]), hidden)
        rows, wanted = filled(hidden[at], further), filled(targets[at], further)
        logits, low = logits_of(rows, part, softcap)
        slope = None if softcap is None or not any(needs) else 1 - (logits / softcap).square_()
        found = probabilities_of(logits, wanted)
        values[at] = found[: len(found) - further]
        if weights is None or not any(needs):
            continue
        # From here on `logits` holds p - onehot(target): the gradient with its sign turned.
        logits[torch.arange(len(rows), device=rows.device), wanted] -= 1
        grad = logits if slope is None else logits.mul_(slope)
        gradients.add(at, rows, low, grad.to(rows.dtype), -filled(weights[at], further).to(rows.dtype))
    return values, gradients.tensors


def _by_module(hidden: Tensor, projection: nn.Module, targets: Tensor, softcap: float | None) -> Tensor:
    """Through the projection itself, whatever it is; the backward pass runs each chunk again."""

    def chosen(rows: Tensor, wanted: Tensor) -> Tensor:
        return module_logits(rows, projection, softcap).log_softmax(-1).gather(1, wanted[:, None])[:, 0]

    parts = [
        checkpoint(chosen, hidden[at], targets[at], use_reentrant=False)
        for at in chunks(len(hidden), vocabulary_of(projection))
    ]
    return torch.cat(parts) if parts else hidden.new_empty(0)


def module_logits(rows: Tensor, projection: nn.Module, softcap: float | None) -> Tensor:
    """Logits (rows, vocabulary) in float32 of hidden states, through the projection itself."""
    logits: Tensor = projection(rows)
    logits = logits.float() if logits.dtype.itemsize < 4 else logits
    return logits if softcap is None else softcap * torch.tanh(logits / softcap)


def vocabulary_of(projection: Any) -> int:
    """How many tokens a projection, adapted or not, tells apart."""
    return int(getattr(projection, "base_layer", projection).out_features)
