"""Attention over a stream with torch's flash kernel for CPUs: a few calls, joined exactly, forward and backward.

Dao et al. 2022, "FlashAttention", arXiv 2205.14135, section 3.1: softmax over parts of the keys is joined by the
parts' log-sum-exp. The kernel's backward pass needs only a query's output and log-sum-exp over all of its keys, so
each part is given the joined ones and the gradients are exact.
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from overtone.engine.attention.ask import Ask
from overtone.engine.attention.calls import Calls

_forward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


def takes(query: Tensor, ask: Ask) -> bool:
    """Any stream on a CPU, without window, soft-capping and dropout."""
    return query.device.type == "cpu" and ask.is_plain


def by_flash(query: Tensor, key: Tensor, value: Tensor, ask: Ask) -> Tensor:
    """Attention of a stream's calls: query (time, heads, head), key and value (time, key heads, head)."""
    result: Tensor = _Flash.apply(query, key, value, ask.calls, ask.causal, ask.scale)  # type: ignore[no-untyped-call]
    return result


class _Flash(Function):
    @staticmethod
    def forward(
        ctx: Any, query: Tensor, key: Tensor, value: Tensor, calls: Calls, causal: bool, scale: float
    ) -> Tensor:
        output = torch.empty_like(query, memory_format=torch.contiguous_format)
        total = query.new_empty(query.shape[:2], dtype=torch.promote_types(query.dtype, torch.float32))
        group = query.shape[1] // key.shape[1]
        for run in calls.runs:
            at = slice(run.start, run.end)
            keys, values = (_heads(part[at], run.count, group) for part in (key, value))
            part, logs = _forward(_heads(query[at], run.count), keys, values, 0.0, causal, scale=scale)
            output[at], total[at] = _flat(part), logs.transpose(1, 2).flatten(0, 1)
        for call in calls.shared:
            at, seen = slice(call.start, call.end), slice(call.key_start, call.key_end)
            keys, values = (_heads(part[seen], 1, group) for part in (key, value))
            part, logs = _forward(_heads(query[at]), keys, values, 0.0, False, scale=scale)
            _join(output[at], total[at], _flat(part), logs[0].t())
        ctx.save_for_backward(query, key, value, output, total)
        ctx.calls, ctx.causal, ctx.scale = calls, causal, scale
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        query, key, value, output, total = ctx.saved_tensors
        grads = [
            torch.empty_like(part, memory_format=torch.contiguous_format) for part in (query, key, value)
        ]
        group = query.shape[1] // key.shape[1]

        def parts(at: slice, seen: slice, count: int, causal: bool) -> list[Tensor]:
            """Gradients of one call in the stream's layout."""
            logs = _heads(total[at], count)
            keys, values = (_heads(part[seen], count, group) for part in (key, value))
            gradients, queries, outputs = (_heads(part[at], count) for part in (grad, query, output))
            found = _backward(gradients, queries, keys, values, outputs, logs, 0.0, causal, scale=ctx.scale)
            return [_flat(found[0]), _grouped(_flat(found[1]), group), _grouped(_flat(found[2]), group)]

        for run in ctx.calls.runs:
            at = slice(run.start, run.end)
            for whole, part in zip(grads, parts(at, at, run.count, ctx.causal), strict=True):
                whole[at] = part
        for call in ctx.calls.shared:
            at, seen = slice(call.start, call.end), slice(call.key_start, call.key_end)
            for whole, part, place in zip(grads, parts(at, seen, 1, False), (at, seen, seen), strict=True):
                whole[place] += part
        return (*grads, None, None, None)


def _heads(part: Tensor, count: int = 1, group: int = 1) -> Tensor:
    """The kernel's layout: (count * length, heads, head) to (count, heads * group, length, head)."""
    split = part.view(count, -1, *part.shape[1:]).transpose(1, 2)
    return split if group == 1 else split.repeat_interleave(group, 1)


def _flat(part: Tensor) -> Tensor:
    """The stream's layout: (count, heads, length, head) to (count * length, heads, head)."""
    return part.transpose(1, 2).flatten(0, 1)


def _grouped(part: Tensor, group: int) -> Tensor:
    """The sum over the heads that one key head serves: (time, heads, head) to (time, key heads, head)."""
    return part if group == 1 else part.view(len(part), -1, group, part.shape[2]).sum(2)


def _join(output: Tensor, total: Tensor, part: Tensor, logs: Tensor) -> None:
    """Join attention over further keys into `output` (time, heads, head) and its log-sum-exp (time, heads)."""
    joined = torch.logaddexp(total, logs)
    output.mul_((total - joined).exp_().to(output.dtype)[..., None])
    output.addcmul_(part, (logs - joined).exp_().to(output.dtype)[..., None])
    total.copy_(joined)
