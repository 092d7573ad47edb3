"""Products of activations and weights, by the fastest kernel that the device has for their shape."""

import torch
from torch import Tensor

# Where torch's own product is the faster one: fewer rows or outputs, a shorter sum, fewer multiplications.
FEWEST, SHORTEST, LEAST = 8, 128, 2**21


def multiply(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """rows weight^T + bias: (rows, inputs) and (outputs, inputs) to (rows, outputs). It leaves no graph."""
    if _has_kernel(rows, weight):
        product: Tensor = torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
        return product
    return torch.mm(rows, weight.t()) if bias is None else torch.addmm(bias, rows, weight.t())


def add_product(total: Tensor, rows: Tensor, weight: Tensor) -> Tensor:
    """Add rows weight^T to `total`, in place."""
    if _has_kernel(rows, weight):
        return total.add_(multiply(rows, weight))
    return total.addmm_(rows, weight.t())


def _has_kernel(rows: Tensor, weight: Tensor) -> bool:
    """Whether oneDNN's product is there and pays: 5 to 25 % on wide weights, up to twice as fast on thin ones."""
    outputs, inputs = weight.shape
    return (
        rows.dtype == torch.float32
        and rows.device.type == "cpu"
        and min(len(rows), outputs) >= FEWEST
        and inputs >= SHORTEST
        and len(rows) * outputs * inputs >= LEAST
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    )
