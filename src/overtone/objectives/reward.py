"""A reward model: one number for an answer, such that the odds of being preferred are exp(difference of numbers).

Christiano et al. 2017, "Deep Reinforcement Learning from Human Preferences", arXiv 1706.03741, section 2.2.3; Ouyang et
al. 2022, arXiv 2203.02155, equation 1, for pairs. The model of the odds is that of Bradley and Terry 1952.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.classify import HEAD_START, HeadStart
from overtone.objectives.preference import Preference

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Reward(Preference):
    """Minus the log-likelihood of the preferences, whose odds are the rewards that a new output gives the answers."""

    name: ClassVar[str] = "reward"
    also_called: ClassVar[tuple[str, ...]] = ("bradley_terry", "reward_model", "rm")
    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    head: ClassVar[bool] = True

    head_start: HeadStart = Field("fitted", description=HEAD_START)

    def outputs(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """One number."""
        return ("reward",)

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The whole conversation with the chosen answer, with that of the rejected one in it."""
        from overtone.engine.row import Row
        from overtone.models.rewarded import encode_rewarded

        chosen, rejected = (Row(tuple(encode_rewarded(base, messages))) for messages in example.conversations)
        return replace(chosen, rejected=rejected)

    def read(self, learner: "Learner", answers: "Sequence[Row]") -> "Tensor":
        """The head's number at the last token of each answer, or over the mean of an encoder's states: (answers,)."""
        return learner.logits([answer.tokens for answer in answers])[:, 0].float()

    def losses(self, chosen: "Tensor", rejected: "Tensor") -> "Tensor":
        """Minus the log-probability that the chosen answer is preferred: (pairs,)."""
        from torch.nn.functional import logsigmoid

        return -logsigmoid(chosen - rejected)
