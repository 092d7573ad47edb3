"""Group relative policy optimisation: answers better than the others to their prompt become likelier, without a critic.

Shao et al. 2024, "DeepSeekMath: Pushing the Limits of Mathematical Reasoning in Open Language Models", arXiv
2402.03300, equation 3; the divergence is equation 4.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from overtone.objectives.policy import Policy, Tokens
from overtone.objectives.policy_formulas import divergence, outside, surrogate, within_group
from overtone.objectives.policy_rows import Drawn

if TYPE_CHECKING:
    from torch import Tensor


class Grpo(Policy):
    """Drawn tokens by the standing of their answer in its group, clipped, less the divergence from the start."""

    name: ClassVar[str] = "grpo"

    def advantages(self, answers: Sequence[Drawn]) -> list[float]:
        """In standard deviations above the mean of the group."""
        return within_group([answer.reward for answer in answers])

    def losses(self, tokens: Tokens) -> "tuple[Tensor, Tensor]":
        """The mean over an answer's tokens, summed over answers."""
        advantages, ratios = tokens.of("advantages"), (tokens.now - tokens.before).exp()
        gains = surrogate(ratios, advantages, self.clip)
        if tokens.references is not None:
            gains = gains - self.beta * divergence(tokens.now, tokens.references)
        return -(tokens.weights * gains).sum(), outside(ratios.detach(), advantages, self.clip)
