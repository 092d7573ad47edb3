"""Linear layers that read the same input, joined into one product and packed for the processor.

On a CPU a decoding step multiplies few rows by all weights. Weights that oneDNN has put into its own order once
are read twice as fast as plain ones, and a row of the product has the same bits however many rows stand beside it.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

PACKED_ROWS = 8  # how many rows the order of packed weights is made for; any number may be multiplied


@dataclass(frozen=True)
class Part:
    """Where the outputs of one linear layer stand in a product; `path` is its name in the model."""

    path: str
    start: int
    end: int


class Product:
    """The outputs of one or several linear layers, side by side."""

    def __init__(self, key: str, modules: Sequence[tuple[str, nn.Module]]) -> None:
        """`key` names the product in its network; each module comes with its path."""
        layers = [plain_layer(module) for _, module in modules]
        ends = torch.tensor([layer.weight.shape[0] for layer in layers]).cumsum(0).tolist()
        self.key, self.inputs, self.outputs = key, layers[0].weight.shape[1], ends[-1]
        self.parts = tuple(
            Part(path, start, end) for (path, _), start, end in zip(modules, [0, *ends], ends, strict=False)
        )
        weight = torch.cat([layer.weight.detach() for layer in layers])
        self._bias = _joined_bias(layers)
        self._packed = packs(weight)
        reorder = torch.ops.mkldnn._reorder_linear_weight
        self._weight = reorder(weight, PACKED_ROWS) if self._packed else weight

    def __call__(self, rows: Tensor) -> Tensor:
        """Rows (rows, inputs) to (rows, outputs)."""
        if not self._packed:
            return linear(rows, self._weight, self._bias)
        if not len(rows):
            return rows.new_empty(0, self.outputs)
        if len(rows) == 1:  # the kernel for a single row sums in another order
            return self(pad(rows, (0, 0, 0, 1)))[:1]
        product: Tensor = torch.ops.mkldnn._linear_pointwise(rows, self._weight, self._bias, "none", [], "")
        return product


def packs(weight: Tensor) -> bool:
    """Whether the weight can be packed: single precision on a processor that oneDNN knows."""
    known: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return known and weight.device.type == "cpu" and weight.dtype == torch.float32


def plain_layer(module: Any) -> nn.Linear:
    """The linear layer that a module amounts to: itself, or with its active adapter merged into a copy."""
    if not hasattr(module, "get_base_layer"):
        plain: nn.Linear = module
        return plain
    if module.disable_adapters or module.merged or not set(module.active_adapters) & set(module.lora_A):
        base: nn.Linear = module.get_base_layer()
        return base
    merged = copy.deepcopy(module)
    merged.merge()
    layer: nn.Linear = merged.get_base_layer()
    return layer


def _joined_bias(layers: Sequence[nn.Linear]) -> Tensor | None:
    if all(layer.bias is None for layer in layers):
        return None
    return torch.cat(
        [layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias for layer in layers]
    ).detach()
