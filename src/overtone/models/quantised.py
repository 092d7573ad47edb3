"""Linear layers whose frozen weight is kept in 4 or 8 bits; every product makes the dense weight anew.

`nf4`: 64 weights share a scale, and each is one of 16 values (Dettmers et al. 2023, "QLoRA: Efficient Finetuning of
Quantized LLMs", arXiv 2305.14314, section 3, 4-bit NormalFloat; scales stay in float32). `int8`: the weights of an
output share a scale, and each is one of 255 values (Dettmers et al. 2022, "LLM.int8()", arXiv 2208.07339, section 3.1,
of the weights alone: what a layer reads is not rounded). Results and gradients are those of the dense weight, which
stands in memory only while a product lasts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear
from transformers.pytorch_utils import Conv1D

from overtone.models.low_bits import low_bit_library

NF4_BLOCK = 64  # weights that share a scale


@dataclass(frozen=True)
class Packing:
    """How a weight (outputs, inputs) becomes codes and scales, and how these become a weight of a type again."""

    pack: Callable[[Tensor], tuple[Tensor, Tensor]]
    unpack: Callable[[Tensor, Tensor, tuple[int, ...], torch.dtype], Tensor]


def _pack_nf4(weight: Tensor) -> tuple[Tensor, Tensor]:
    functional = low_bit_library("nf4").functional
    codes, state = functional.quantize_4bit(weight.contiguous(), blocksize=NF4_BLOCK, quant_type="nf4")
    return codes, state.absmax


def _unpack_nf4(codes: Tensor, scales: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    weight: Tensor = torch.ops.bitsandbytes.dequantize_4bit(codes, scales, NF4_BLOCK, "nf4", shape, dtype)
    return weight


def _pack_int8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """In main memory: on a device the library packs float16 alone."""
    codes, scales, _ = low_bit_library("int8").functional.int8_vectorwise_quant(weight.cpu())
    return codes.to(weight.device), scales.to(weight.device)


def _unpack_int8(codes: Tensor, scales: Tensor, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    weight: Tensor = torch.ops.bitsandbytes.int8_vectorwise_dequant(codes, scales)
    return weight.to(dtype)


PACKINGS = {"nf4": Packing(_pack_nf4, _unpack_nf4), "int8": Packing(_pack_int8, _unpack_int8)}


class Quantised(nn.Module):
    """A linear layer with a packed weight (abstract); its bias stays as it is."""

    codes: Tensor
    scales: Tensor
    bias: nn.Parameter | None
    dense_type: torch.dtype  # of `weight`
    turned = False  # whether the layer keeps its weight as (inputs, outputs)

    def __init__(self, layer: Any, precision: str, device: torch.device) -> None:
        """Pack a layer's weight on a device; the layer itself is not needed again."""
        nn.Module.__init__(self)
        for name, value in vars(layer).items():  # its sizes, by the names that its kind gives them
            if not name.startswith("_"):
                setattr(self, name, value)
        weight = layer.weight.detach().to(device)
        codes, scales = PACKINGS[precision].pack(weight.t() if self.turned else weight)
        self.precision, self.dense_type = precision, weight.dtype
        self.shape = tuple(reversed(weight.shape)) if self.turned else tuple(weight.shape)
        self.register_buffer("codes", codes)
        self.register_buffer("scales", scales)
        self.register_parameter("bias", layer.bias)

    def matrix(self, dtype: torch.dtype) -> Tensor:
        """The dense weight (outputs, inputs), made anew."""
        return PACKINGS[self.precision].unpack(self.codes, self.scales, self.shape, dtype)

    @property
    def weight(self) -> Tensor:
        """The dense weight in the layer's own layout, made anew: changing it changes nothing."""
        dense = self.matrix(self.dense_type)
        return dense.t() if self.turned else dense

    def forward(self, rows: Tensor) -> Tensor:
        """As the dense layer does: (..., inputs) to (..., outputs)."""
        result: Tensor = _Product.apply(rows, self.bias, self)  # type: ignore[no-untyped-call]
        return result


class QuantisedLinear(Quantised, nn.Linear):  # type: ignore[misc, override]
    """A linear layer of torch."""


class QuantisedConv1D(Quantised, Conv1D):  # type: ignore[misc]
    """The linear layer of GPT-2, which keeps its weight as (inputs, outputs)."""

    turned = True


class _Product(Function):
    """rows weight^T + bias. The backward pass makes the weight again, so that none is kept."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, bias: Tensor | None, layer: Quantised) -> Tensor:
        ctx.layer = layer
        return linear(rows, layer.matrix(rows.dtype), bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        of_rows = grad @ ctx.layer.matrix(grad.dtype) if ctx.needs_input_grad[0] else None
        of_bias = grad.flatten(0, -2).sum(0) if ctx.needs_input_grad[1] else None
        return of_rows, of_bias, None


def quantise(model: Any, precision: str, device: torch.device) -> None:
    """Pack every linear layer of a transformers model but its projection to the vocabulary; nothing else changes."""
    kept = model.get_output_embeddings()
    for path, module in list(model.named_modules()):
        kind = QuantisedConv1D if isinstance(module, Conv1D) else QuantisedLinear
        if isinstance(module, nn.Linear | Conv1D) and module is not kept:
            parent, _, name = path.rpartition(".")
            setattr(model.get_submodule(parent), name, kind(module, precision, device))


def compute_in(model: Any, dtype: torch.dtype) -> None:
    """Bring all weights that are not packed into a type; products then take it. Angles of positions stay."""
    for weight in model.parameters():
        weight.data = weight.data.to(dtype)
    for module in model.modules():
        if isinstance(module, Quantised):
            module.dense_type = dtype


def precision_of(model: Any) -> str:
    """What a model's weights are kept in: that of its packed layers, else the type of its first weight."""
    packed = next((module for module in model.modules() if isinstance(module, Quantised)), None)
    return packed.precision if packed else str(next(model.parameters()).dtype).removeprefix("torch.")


def weight_bytes(model: Any) -> int:
    """Bytes of all weights and buffers of a model in memory, what several modules share counted once."""
    held = {tensor.data_ptr(): tensor for tensor in (*model.parameters(), *model.buffers())}
    total: int = sum(tensor.nbytes for tensor in held.values())
    return total


def dense_bytes(model: Any) -> int:
    """Bytes of the same model with its packed layers dense, in float32."""
    packed = [module for module in model.modules() if isinstance(module, Quantised)]
    gained: int = sum(
        4 * math.prod(layer.shape) - layer.codes.nbytes - layer.scales.nbytes for layer in packed
    )
    return weight_bytes(model) + gained
