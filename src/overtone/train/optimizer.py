"""AdamW over groups of weights: the body and the heads each with their rate, norms and biases undecayed.

Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization", arXiv 1711.05101, algorithm 2.
"""

import torch
from torch import Tensor, nn

from overtone.engine.hidden import plain
from overtone.engine.masters import MASTER, keep_masters
from overtone.models.families import FAMILIES
from overtone.train.stage import Stage
from overtone.train.usual_rate import usual_rate

KEPT = ("step", "exp_avg", "exp_avg_sq", MASTER)  # of each weight, in a checkpoint


def learned_weights(learner: nn.Module) -> dict[str, nn.Parameter]:
    """The weights that learn, by name."""
    return {name: weight for name, weight in learner.named_parameters() if weight.requires_grad}


def make_optimizer(learner: nn.Module, stage: Stage) -> torch.optim.AdamW:
    """An optimizer over all weights that learn; `rate` of a group is its rate before the schedule."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    fresh = getattr(
        getattr(learner, "head", None), "fresh", True
    )  # a head that is known goes on at the body's rate
    body_rate = stage.learning_rate
    if body_rate is None:
        config = plain(learner.body).config
        kind = FAMILIES[config.model_type].kind
        body_rate = usual_rate(stage.method, stage.objective, kind, config.hidden_size)
    own: dict[str, float] = getattr(learner, "rates", {})
    for name, weight in learned_weights(learner).items():
        head = (fresh and name.startswith("head.")) or name.startswith("heads.")
        rate = own.get(name, stage.head_learning_rate if head else body_rate)
        # Vectors, also those that stand as a row or a column (IA3), are not matrices: decay would pull them from 1.
        matrix = min(weight.shape, default=0) > 1 and weight.ndim > 1 and not hasattr(weight, "learned_rows")
        decay = stage.weight_decay if matrix else 0.0
        groups.setdefault((rate, decay), []).append(weight)
    optimizer = torch.optim.AdamW(
        [
            {"params": weights, "lr": rate, "rate": rate, "weight_decay": decay}
            for (rate, decay), weights in groups.items()
        ],
        fused=True,
    )
    keep_masters(optimizer)
    return optimizer


def set_factor(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Scale each group's rate by the schedule's factor."""
    for group in optimizer.param_groups:
        group["lr"] = group["rate"] * factor


def state_tensors(optimizer: torch.optim.Optimizer, learner: nn.Module) -> dict[str, Tensor]:
    """The optimizer's state by weight name, ready for safetensors."""
    return {
        f"{name}/{key}": value
        for name, weight in learned_weights(learner).items()
        for key, value in optimizer.state.get(weight, {}).items()
    }


def restore_state(optimizer: torch.optim.Optimizer, learner: nn.Module, tensors: dict[str, Tensor]) -> None:
    """Put back what `state_tensors` gave."""
    for name, weight in learned_weights(learner).items():
        keys = [key for key in KEPT if f"{name}/{key}" in tensors]
        if keys:
            optimizer.state[weight] = {key: tensors[f"{name}/{key}"].to(weight.device) for key in keys}
