"""The formulas of learning from rewards: advantages, the clipped surrogate, and the estimate of the divergence."""

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

EQUAL = 1e-8  # rewards that spread less than this are taken to be equal


def within_group(rewards: Sequence[float]) -> list[float]:
    """How many standard deviations each reward lies above its group's mean; nothing where all are equal.

    Shao et al. 2024, "DeepSeekMath", arXiv 2402.03300, section 4.1.2. The deviation is that of the group itself.
    """
    mean, spread = fmean(rewards), pstdev(rewards)
    return [(reward - mean) / spread if spread > EQUAL else 0.0 for reward in rewards]


def leave_one_out(rewards: Sequence[float]) -> list[float]:
    """By how much each reward exceeds the mean of the others of its group; nothing where it stands alone.

    Ahmadian et al. 2024, "Back to Basics", arXiv 2402.14740, section 3.3 (the estimator of Kool et al. 2019).
    """
    others = len(rewards) - 1
    total = sum(rewards)
    return [reward - (total - reward) / others if others else 0.0 for reward in rewards]


def estimated_advantages(
    rewards: Sequence[float], values: Sequence[float], discount: float, trace: float
) -> list[float]:
    """The advantage of each token, from the reward that follows it and the value of the state before it.

    Schulman et al. 2016, "High-Dimensional Continuous Control Using Generalized Advantage Estimation",
    arXiv 1506.02438, equation 16 with `discount` gamma and `trace` lambda; behind the last token nothing follows.
    """
    advantages = [0.0] * len(rewards)
    after = value_after = 0.0
    for place in reversed(range(len(rewards))):
        surprise = rewards[place] + discount * value_after - values[place]
        after = advantages[place] = surprise + discount * trace * after
        value_after = values[place]
    return advantages


def surrogate(ratios: "Tensor", advantages: "Tensor", clip: float) -> "Tensor":
    """What is made large: ratio times advantage, with no gain for ratios further than `clip` from 1.

    Schulman et al. 2017, "Proximal Policy Optimization Algorithms", arXiv 1707.06347, equation 7 (without the mean).
    """
    return (ratios * advantages).minimum(ratios.clamp(1 - clip, 1 + clip) * advantages)


def outside(ratios: "Tensor", advantages: "Tensor", clip: float) -> "Tensor":
    """1 where clipping holds back the gradient, else 0."""
    gained = ((ratios > 1 + clip) & (advantages > 0)) | ((ratios < 1 - clip) & (advantages < 0))
    return gained.to(ratios.dtype)


def divergence(now: "Tensor", reference: "Tensor") -> "Tensor":
    """An estimate of the Kullback-Leibler divergence from the reference at drawn tokens, in nats; never negative.

    Its mean over draws of the model is the divergence (Schulman 2020, "Approximating KL Divergence", the estimator k3;
    DeepSeekMath, equation 4).
    """
    gap = reference - now
    return gap.exp() - gap - 1
