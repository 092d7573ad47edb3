"""Proximal policy optimisation with a value head: a critic on the same body says what was to be expected at each token.

Schulman et al. 2017, "Proximal Policy Optimization Algorithms", arXiv 1707.06347, equations 7 and 9 (without the bonus
for entropy); advantages by Schulman et al. 2016, arXiv 1506.02438, equation 16. The reward follows the last token, and
at each token the gain in log-probability over the model as it was is taken off (Ouyang et al. 2022, arXiv 2203.02155,
equation 2; Ziegler et al. 2019, arXiv 1909.08593, equation 2).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.objectives.policy import Policy, Tokens
from overtone.objectives.policy_formulas import EQUAL, estimated_advantages, outside, surrogate
from overtone.objectives.policy_rows import Drawn, Group

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.row import Row

READ_TOKENS = 4096  # of answers whose values are read together


class Ppo(Policy):
    """Drawn tokens by their advantage over a learned value, clipped, with the value's own squared error."""

    name: ClassVar[str] = "ppo"
    also_called: ClassVar[tuple[str, ...]] = ("rlhf",)
    head: ClassVar[bool] = True

    group: int = Field(1, ge=1, description="answers drawn for each prompt")
    updates: int = Field(4, ge=1, description="optimizer's updates made from the same answers")
    beta: float = Field(
        0.05, ge=0, description="weight of the divergence from the model as it was, in the reward"
    )
    value_weight: float = Field(0.1, gt=0, description="weight of the value's squared error")
    discount: float = Field(1.0, gt=0, le=1, description="gamma: what a reward one token later is worth")
    trace: float = Field(
        0.95, ge=0, le=1, description="lambda: how far advantages look beyond the next value"
    )

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The value of a state."""
        return ("value",)

    def valued(self, learner: "Learner", groups: Sequence[Group]) -> list[Group]:
        """Advantages by the value head as it is, brought to mean 0 and deviation 1 over all tokens of the step."""
        answers = [answer for group in groups for answer in group.drawn]
        found = [
            self._judged(answer, values) for answer, values in zip(answers, self._values(learner, answers))
        ]
        every = [one for answer in found for one in answer.advantages]
        mean, spread = fmean(every), pstdev(every)
        scale = 1 / spread if spread > EQUAL else 0.0
        weight = len(answers) / len(every)  # so that every token of the step counts alike
        scaled = iter(
            replace(one, advantages=tuple((each - mean) * scale for each in one.advantages), weight=weight)
            for one in found
        )
        return [replace(group, drawn=tuple(next(scaled) for _ in group.drawn)) for group in groups]

    def losses(self, tokens: Tokens) -> "tuple[Tensor, Tensor]":
        """Policy and value, summed over tokens; a value gains nothing by moving further than `clip` either."""
        assert tokens.values is not None
        advantages, ratios = tokens.of("advantages"), (tokens.now - tokens.before).exp()
        values, returns = tokens.of("values"), tokens.of("returns")
        near = values + (tokens.values - values).clamp(-self.clip, self.clip)
        errors = ((tokens.values - returns) ** 2).maximum((near - returns) ** 2) / 2
        each = self.value_weight * errors - surrogate(ratios, advantages, self.clip)
        return (tokens.weights * each).sum(), outside(ratios.detach(), advantages, self.clip)

    def read(self, learner: "Learner", answers: "Sequence[Row]") -> "tuple[Tensor, Tensor, Tensor | None]":
        """Log-probability and value are read off the same state."""
        from overtone.engine.valued import valued_log_probabilities

        return valued_log_probabilities(learner, answers)

    def _values(self, learner: "Learner", answers: Sequence[Drawn]) -> Iterator[tuple[float, ...]]:
        """What the head expects at each token of each answer."""
        from overtone.engine.valued import values_of

        return values_of(learner, answers, READ_TOKENS)

    def _judged(self, answer: Drawn, values: tuple[float, ...]) -> Drawn:
        """The answer with its advantages and with what the head should have said."""
        gains = zip(answer.before, answer.references or answer.before, strict=True)
        rewards = [-self.beta * (now - then) for now, then in gains]
        rewards[-1] += answer.reward
        advantages = estimated_advantages(rewards, values, self.discount, self.trace)
        returns = tuple(map(sum, zip(advantages, values, strict=True)))
        return replace(answer, advantages=tuple(advantages), values=values, returns=returns)
