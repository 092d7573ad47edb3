"""What a training runs on, in which precision, and how much memory its weights take, for a run's report."""

from dataclasses import dataclass
from typing import Any

from overtone.engine.hidden import plain
from overtone.models.base import QUANTISED
from overtone.models.quantised import dense_bytes, precision_of, weight_bytes

SLOW = "a processor computes in half precision several times slower than in float32"


@dataclass(frozen=True)
class Machine:
    """A device by name, what a body's weights are kept in, and their bytes; a warning where these do not fit."""

    device: str
    precision: str
    warning: str = ""
    weights: tuple[int, int] | None = None  # bytes of a packed body, and of the same in float32

    def __str__(self) -> str:
        warned = f": {self.warning}" if self.warning else ""
        return f"{self.device}, {self.precision}{self._packed}{warned}"

    @property
    def _packed(self) -> str:
        if self.weights is None:
            return ""
        held, dense = (f"{size / 1e6:,.1f} MB" for size in self.weights)
        return f" (linear layers packed, dense in each product: {held} of weights; {dense} in float32)"


def machine_of(body: Any) -> Machine:
    """Where the weights of a body stand, and their type."""
    import torch

    weight = next(body.parameters())
    on_cuda = weight.device.type == "cuda"
    device = torch.cuda.get_device_name(weight.device) if on_cuda else weight.device.type
    slow = SLOW if not on_cuda and weight.dtype.itemsize < 4 else ""
    precision = precision_of(body)
    model = plain(body)
    weights = (weight_bytes(model), dense_bytes(model)) if precision in QUANTISED else None
    return Machine(device, precision, slow, weights)
