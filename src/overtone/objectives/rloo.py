"""REINFORCE with the mean reward of the other answers as its baseline (RLOO): a whole answer is one action.

Ahmadian et al. 2024, "Back to Basics: Revisiting REINFORCE Style Optimization for Learning from Human Feedback in
LLMs", arXiv 2402.14740, section 3.3; the reward is that of its equation 2, with the divergence taken off. Where several
updates are made from the same answers, the ratio of whole answers is clipped as in Schulman et al. 2017, equation 7.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from overtone.objectives.policy import Policy, Tokens
from overtone.objectives.policy_formulas import leave_one_out, outside, surrogate
from overtone.objectives.policy_rows import Drawn

if TYPE_CHECKING:
    from torch import Tensor


class Rloo(Policy):
    """Whole answers by their reward, less the divergence, over the mean of the others to their prompt."""

    name: ClassVar[str] = "rloo"

    def advantages(self, answers: Sequence[Drawn]) -> list[float]:
        """Over the mean of the others; what an answer has gained in likelihood is taken off its reward."""
        return leave_one_out(
            [
                answer.reward - self.beta * (sum(answer.before) - sum(answer.references))
                if answer.references
                else answer.reward
                for answer in answers
            ]
        )

    def losses(self, tokens: Tokens) -> "tuple[Tensor, Tensor]":
        """Of whole answers; a clipped answer counts with all of its tokens."""
        advantages = tokens.now.new_tensor([answer.advantages[0] for answer in tokens.answers])
        ratios = tokens.summed(tokens.now - tokens.before).exp()
        held = outside(ratios.detach(), advantages, self.clip)
        return -surrogate(ratios, advantages, self.clip).sum(), held[tokens.rows]
