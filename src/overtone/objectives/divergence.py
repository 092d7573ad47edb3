"""How far a student's probabilities are from its teacher's: three divergences, each of natural logarithms.

Forward and reverse Kullback-Leibler divergence, and the generalised Jensen-Shannon divergence of Agarwal et al. 2024,
"On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes", arXiv 2306.13649, equation 2:
beta KL(teacher || m) + (1 - beta) KL(student || m) with m = beta teacher + (1 - beta) student.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

Name = Literal["forward_kl", "reverse_kl", "jensen_shannon"]
LEAST = 1e-7  # probability of all outcomes that are not told apart: sums of 32-bit floats say nothing of less


def divergence(name: Name, beta: float, teacher: "Tensor", student: "Tensor") -> "Tensor":
    """Of the student from the teacher, both log-probabilities (..., outcomes): (...)."""
    return BY_NAME[name](teacher, student, beta)


def with_rest(logs: "Tensor") -> "Tensor":
    """Log-probabilities of some outcomes (..., k) and, behind them, of all others taken together: (..., k + 1)."""
    import torch

    rest = (1 - logs.exp().sum(-1, keepdim=True)).clamp(min=LEAST).log()
    return torch.cat([logs, rest], -1)


def _relative(one: "Tensor", other: "Tensor") -> "Tensor":
    """KL(one || other)."""
    return (one.exp() * (one - other)).sum(-1)


def _forward(teacher: "Tensor", student: "Tensor", beta: float) -> "Tensor":
    return _relative(teacher, student)


def _reverse(teacher: "Tensor", student: "Tensor", beta: float) -> "Tensor":
    return _relative(student, teacher)


def _jensen_shannon(teacher: "Tensor", student: "Tensor", beta: float) -> "Tensor":
    import torch

    middle = torch.logaddexp(teacher + math.log(beta), student + math.log1p(-beta))
    return beta * _relative(teacher, middle) + (1 - beta) * _relative(student, middle)


BY_NAME: "dict[Name, Callable[[Tensor, Tensor, float], Tensor]]" = {
    "forward_kl": _forward,
    "reverse_kl": _reverse,
    "jensen_shannon": _jensen_shannon,
}
