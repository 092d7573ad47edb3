"""What a training says of the device and the precision that it runs in."""

import torch
from torch import nn

from overtone.engine.machine import Machine, machine_of


def test_half_precision_on_a_processor_is_told_to_be_slow() -> None:
    layer = nn.Linear(2, 2)
    assert str(machine_of(layer)) == "cpu, float32"
    told = str(machine_of(layer.to(torch.bfloat16)))
    assert (
        told == "cpu, bfloat16: a processor computes in half precision several times slower than in float32"
    )


def test_other_devices_are_called_by_their_names() -> None:
    assert str(Machine("NVIDIA H100", "bfloat16")) == "NVIDIA H100, bfloat16"
