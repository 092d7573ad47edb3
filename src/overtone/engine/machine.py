"""What a training runs on, and in which precision, for a run's report."""

from dataclasses import dataclass
from typing import Any

SLOW = "a processor computes in half precision several times slower than in float32"


@dataclass(frozen=True)
class Machine:
    """A device by name and the type of a body's weights, with a warning where the two do not go together."""

    device: str
    precision: str
    warning: str = ""

    def __str__(self) -> str:
        return f"{self.device}, {self.precision}" + (f": {self.warning}" if self.warning else "")


def machine_of(body: Any) -> Machine:
    """Where the weights of a body stand, and their type."""
    import torch

    weight = next(body.parameters())
    on_cuda = weight.device.type == "cuda"
    device = torch.cuda.get_device_name(weight.device) if on_cuda else weight.device.type
    precision = str(weight.dtype).removeprefix("torch.")
    return Machine(device, precision, SLOW if not on_cuda and weight.dtype.itemsize < 4 else "")
