"""float32 masters of weights that learn in half precision.

A step of training changes a weight by far less than half precision can tell from rounding. Each such weight therefore
has a master in float32, which takes the step with its moments in float32 too; the weight itself is the master rounded
(Micikevicius et al. 2017, "Mixed Precision Training", arXiv 1710.03740, section 3.1). Gradients are in the weight's
own type, those of accumulated batches summed in it.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

MASTER = "master"  # its key in the optimizer's state of a weight


def keep_masters(optimizer: Optimizer) -> None:
    """Let an optimizer step on masters of its half-precision weights; they stand in its state of each weight."""
    halves = [
        weight for group in optimizer.param_groups for weight in group["params"] if weight.dtype.itemsize < 4
    ]
    rounded: dict[nn.Parameter, Tensor] = {}

    def widen(optimizer: Optimizer, *step: Any) -> None:
        for weight in halves:
            if weight.grad is not None:
                rounded[weight], grad = weight.data, weight.grad.float()
                master = optimizer.state[weight].pop(MASTER, None)
                weight.grad = None  # it must have the weight's type at any time
                weight.data = rounded[weight].float() if master is None else master
                weight.grad = grad

    def narrow(optimizer: Optimizer, *step: Any) -> None:
        for weight, half in rounded.items():
            weight.grad = None
            optimizer.state[weight][MASTER] = weight.data
            weight.data = half.copy_(weight.data)
        rounded.clear()

    if halves:
        optimizer.register_step_pre_hook(widen)
        optimizer.register_step_post_hook(narrow)


def take_type(learner: nn.Module, body: nn.Module) -> None:
    """Bring all that learns into the type of the body's weights, and onto its device.

    Adapters are drawn in float32 and in main memory; beside weights of another type they would be multiplied alone.
    """
    frozen = next(weight for weight in body.parameters())
    with torch.no_grad():
        for weight in learner.parameters():
            if weight.requires_grad:
                weight.data = weight.data.to(frozen.device, frozen.dtype)
