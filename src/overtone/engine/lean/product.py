"""Products of activations and weights, by the fastest kernel that the device has for their shape.

oneDNN compiles a product for each shape that it meets, in milliseconds, and keeps it, in a quarter of a megabyte. Where
rows are as many as a batch has tokens, hardly a shape comes twice; so their number is filled up to a few sizes.
"""

import math

import torch
from torch import Tensor

# Where torch's own product is the faster one: fewer rows or outputs, a shorter sum, fewer multiplications.
FEWEST, SHORTEST, LEAST = 8, 128, 2**21
STEPS = ((1024, 32), (math.inf, 64))  # below so many rows, their number is a multiple of this


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


def lacking(count: int, like: Tensor) -> int:
    """How many rows like these to add to `count` until products are compiled for so many; 0 where none are."""
    return -count % _step(count) if _compiles(like) else 0


def sizes(fewest: int, most: int, like: Tensor) -> int:
    """How many numbers of rows like these products are compiled for, from `fewest` rows to `most`; 0 where for none."""
    if not _compiles(like):
        return 0
    found, count = 0, fewest
    while count <= most:
        found, count = found + 1, count - count % _step(count) + _step(count)
    return found


def filled(rows: Tensor, further: int) -> Tensor:
    """The rows and `further` ones of zeros behind them."""
    return torch.cat((rows, rows.new_zeros(further, *rows.shape[1:]))) if further else rows


def _step(count: int) -> int:
    return next(step for below, step in STEPS if count < below)


def _compiles(rows: Tensor) -> bool:
    known: bool = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return known and rows.dtype == torch.float32 and rows.device.type == "cpu"


def _has_kernel(rows: Tensor, weight: Tensor) -> bool:
    """Whether oneDNN's product is there and pays: 5 to 25 % on wide weights, up to twice as fast on thin ones."""
    outputs, inputs = weight.shape
    return (
        _compiles(rows)
        and min(len(rows), outputs) >= FEWEST
        and inputs >= SHORTEST
        and len(rows) * outputs * inputs >= LEAST
    )
