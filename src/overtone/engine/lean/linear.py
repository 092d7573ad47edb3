"""Linear layers that share an input, with what stands before them, as one step of autograd.

Frozen weights get no gradient product. A low-rank pair costs two thin products (Hu et al. 2021, arXiv 2106.09685,
section 4.1); the inner ones of layers that share an input are one product. Over many rows it is cheaper to add the
pairs to the weights first. What stands before is computed again in the backward pass, so that of all activations only
the inputs are kept. A packed weight is made dense in each pass by itself.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.lean.fronts import Front
from overtone.engine.lean.parts import Form, Part, part_from
from overtone.engine.lean.product import add_product, multiply

FIELDS = 4  # tensors of a part
WORTH = (
    3  # times the numbers in the weights, in numbers that rows bring and take: from there on pairs are added
)


def linear(
    front: Front, inputs: Sequence[Tensor], parts: Sequence[Part], residual: Tensor | None = None
) -> tuple[Tensor, ...]:
    """The output of each part over front(inputs): (rows, outputs); `residual` is added to the first."""
    flat = [tensor for part in parts for tensor in part.tensors]
    forms = tuple(part.form for part in parts)
    outputs: tuple[Tensor, ...] = _Linear.apply(front, len(inputs), forms, residual, *inputs, *flat)  # type: ignore[no-untyped-call]
    return outputs


class _Linear(Function):
    @staticmethod
    def forward(
        ctx: Any, front: Front, count: int, forms: tuple[Form, ...], residual: Tensor | None, *tensors: Any
    ) -> tuple[Tensor, ...]:
        inputs, flat = tensors[:count], tensors[count:]
        parts = _parts(flat, forms)
        rows, kept = front.forward(*inputs)
        whole = _whole(parts, rows)
        downs = _downs(parts if any(ctx.needs_input_grad) else whole)
        low = None if downs is None else multiply(rows, downs)
        outputs = tuple(map(_add_pair, whole, _lows(parts, low), (_plain(rows, part) for part in whole)))
        if residual is not None:
            outputs[0].add_(residual)
        ctx.save_for_backward(low, *kept, *tensors)
        ctx.front, ctx.count, ctx.kept, ctx.forms = front, count, len(kept), forms
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        low, *saved = ctx.saved_tensors
        kept, inputs = tuple(saved[: ctx.kept]), tuple(saved[ctx.kept : ctx.kept + ctx.count])
        parts = _parts(saved[ctx.kept + ctx.count :], ctx.forms)
        needs = ctx.needs_input_grad[4:]
        needs_input, needs_flat = needs[: ctx.count], needs[ctx.count :]
        rows, between = None, None
        if any(needs_flat[0::FIELDS]) or any(needs_flat[2::FIELDS]):
            rows, between = ctx.front.again(inputs, kept)
        of_low = _grad_of_low(parts, grads, low)
        flat = _grads_of_parts(parts, grads, rows, low, of_low, needs_flat)
        of_inputs: tuple[Tensor | None, ...] = (None,) * ctx.count
        if any(needs_input):
            of_rows = _grad_of_rows(_whole(parts, grads[0]), grads, of_low)
            of_inputs = ctx.front.backward(of_rows, inputs, kept, between, needs_input)
        of_residual = grads[0] if ctx.needs_input_grad[3] else None
        return None, None, None, of_residual, *of_inputs, *flat


def _parts(flat: Sequence[Any], forms: Sequence[Form]) -> list[Part]:
    return [
        part_from(flat[FIELDS * index : FIELDS * index + FIELDS], *form) for index, form in enumerate(forms)
    ]


def _whole(parts: list[Part], rows: Tensor) -> list[Part]:
    """Dense parts, each pair added to its weight where that is cheaper and precise enough; else as they are."""
    parts = [part.dense(rows.dtype) for part in parts]
    brought = len(rows) * sum(sum(part.weight.shape) for part in parts)
    if rows.dtype.itemsize < 4 or brought < WORTH * sum(part.weight.numel() for part in parts):
        return parts
    return [part.whole() for part in parts]


def _downs(parts: Sequence[Part]) -> Tensor | None:
    """All inner low-rank weights, one under another: (ranks, inputs)."""
    downs = [part.down for part in parts if part.down is not None]
    return (downs[0] if len(downs) == 1 else torch.cat(downs)) if downs else None


def _lows(parts: Sequence[Part], low: Tensor | None) -> list[Tensor | None]:
    """Each part's columns of (rows, ranks)."""
    ranks = [0 if part.down is None else len(part.down) for part in parts]
    columns = [None] * len(parts) if low is None else torch.split(low, ranks, 1)
    return [column if rank else None for rank, column in zip(ranks, columns, strict=True)]


def _plain(rows: Tensor, part: Part) -> Tensor:
    return multiply(rows, part.weight, part.bias)


def _add_pair(part: Part, low: Tensor | None, output: Tensor) -> Tensor:
    if low is None or part.up is None:
        return output
    return output.addmm_(low, part.up.t(), alpha=part.scale)


def _grad_of_low(parts: Sequence[Part], grads: Sequence[Tensor], low: Tensor | None) -> Tensor | None:
    """The gradient of all inner low-rank products: (rows, ranks)."""
    if low is None:
        return None
    result = torch.empty_like(low)
    for part, grad, column in zip(parts, grads, _lows(parts, result), strict=True):
        if column is not None and part.up is not None:
            torch.mul(multiply(grad, part.up.t()), part.scale, out=column)
    return result


def _grads_of_parts(
    parts: Sequence[Part],
    grads: Sequence[Tensor],
    rows: Tensor | None,
    low: Tensor | None,
    of_low: Tensor | None,
    needs: Sequence[bool],
) -> list[Tensor | None]:
    """The gradients of each part's tensors, None for those that do not learn."""
    results: list[Tensor | None] = []
    of_downs = None
    if any(needs[2::FIELDS]) and of_low is not None and rows is not None:
        of_downs = multiply(of_low.t(), rows.t()).t()  # (inputs, ranks)
    ranges = zip(parts, grads, _lows(parts, low), _lows(parts, of_downs), strict=True)
    for index, (part, grad, inner, of_down) in enumerate(ranges):
        weight, bias, down, up = needs[FIELDS * index : FIELDS * index + FIELDS]
        results.append(grad.t() @ rows if weight and rows is not None else None)
        results.append(grad.sum(0) if bias else None)
        results.append(of_down.t() if down and of_down is not None else None)
        results.append(
            multiply(inner.t(), grad.t()).mul_(part.scale).t() if up and inner is not None else None
        )
    return results


def _grad_of_rows(parts: Sequence[Part], grads: Sequence[Tensor], of_low: Tensor | None) -> Tensor:
    """The gradient of what the parts share: (rows, inputs)."""
    result = multiply(grads[0], parts[0].weight.t())
    for part, grad in zip(parts[1:], grads[1:], strict=True):
        add_product(result, grad, part.weight.t())
    downs = _downs(parts)
    return result if of_low is None or downs is None else result.addmm_(of_low, downs)
