"""The tensors of a linear layer: its weight, bias and low-rank pair, read from the model's own modules."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from overtone.models.quantised import QuantisedLinear

Unpack = Callable[[torch.dtype], Tensor]
Form = tuple[float, Unpack | None]


@dataclass(frozen=True, slots=True)
class Part:
    """The layer x weight^T + bias + scale (x down^T) up^T; without an adapter `down` and `up` are None."""

    weight: Tensor  # (outputs, inputs); where it is packed, its codes
    bias: Tensor | None = None
    down: Tensor | None = None  # (rank, inputs)
    up: Tensor | None = None  # (outputs, rank)
    scale: float = 1.0
    unpack: Unpack | None = None  # makes a packed weight dense

    @property
    def tensors(self) -> tuple[Tensor | None, ...]:
        """Those that a step of autograd saves, in the order of the fields."""
        return self.weight, self.bias, self.down, self.up

    @property
    def form(self) -> Form:
        """What it has beside tensors."""
        return self.scale, self.unpack

    def dense(self, dtype: torch.dtype) -> "Part":
        """The same layer with a dense weight."""
        return self if self.unpack is None else replace(self, weight=self.unpack(dtype), unpack=None)

    def whole(self) -> "Part":
        """The same layer without a pair: it is added to the weight."""
        if self.down is None or self.up is None:
            return self
        return Part(torch.addmm(self.weight, self.up, self.down, alpha=self.scale), self.bias)


def part_from(tensors: Sequence[Any], scale: float, unpack: Unpack | None = None) -> Part:
    """The part with these tensors: weight, bias, down, up."""
    weight, bias, down, up = tensors
    return Part(weight, bias, down, up, scale, unpack)


def part_of(module: nn.Module) -> Part | None:
    """The tensors of a linear layer, plain, packed, or with a single plain low-rank adapter; None where it is more."""
    if _is(module, nn.Linear):
        weight, bias = module.weight, module.bias
        return Part(weight, bias)  # type: ignore[arg-type]
    if _is(module, QuantisedLinear):
        packed: Any = module
        return Part(packed.codes, packed.bias, unpack=packed.matrix)
    library = sys.modules.get("peft.tuners.lora.layer")
    if library is None or not _is(module, library.Linear):
        return None
    adapted: Any = module
    if adapted.disable_adapters and adapted.merged:
        return None
    base = part_of(adapted.base_layer)
    active = [name for name in adapted.active_adapters if name in adapted.lora_A]
    if base is None or adapted.disable_adapters or adapted.merged or not active:
        return base
    return _with_pair(adapted, base, active[0]) if len(active) == 1 else None


def _with_pair(adapted: Any, base: Part, name: str) -> Part | None:
    """The base layer with the adapter of that name; None where the adapter is no plain low-rank pair."""
    down, up = part_of(adapted.lora_A[name]), part_of(adapted.lora_B[name])
    dropout = adapted.lora_dropout[name]
    drops = dropout.training and getattr(dropout, "p", 0) > 0
    if down is None or up is None or up.bias is not None or name in adapted.lora_variant or drops:
        return None
    if base.unpack is None and down.weight.dtype != base.weight.dtype:
        return None
    return replace(base, down=down.weight, up=up.weight, scale=float(adapted.scaling[name]))


def _is(module: nn.Module, kind: type) -> bool:
    """Whether a module is of exactly that kind and nothing listens to it."""
    listens = module._forward_hooks or module._forward_pre_hooks or module._backward_hooks
    return type(module) is kind and not listens and not module._backward_pre_hooks
