"""A writer that also says whether an answer to a prompt is a good one."""

import math
from collections.abc import Sequence

from overtone.core.tasks.approve import BAD, GOOD
from overtone.generate.chooser import Chooser, Scored


class Approver(Chooser):
    """Answers a question with one choice by the probability that it is good, any other question in writing.

    The probability is the logistic function of the answer's reward, as its objective learns it: above a half is what
    has become likelier than it was under the reference (Ethayarajh et al. 2024, arXiv 2402.01306, section 4.1). Where
    nothing gives rewards, answers rank by the mean log-probability of their tokens.
    """

    can = frozenset({"generate", "score", "classify"})
    labels = (BAD, GOOD)

    def shares(self, choices: Sequence[str], scores: Sequence[float]) -> dict[str, float]:
        """Of the two labels, by the reward of the only choice."""
        (reward,) = scores
        good = 1 / (1 + math.exp(-reward)) if reward > 0 else math.exp(reward) / (1 + math.exp(reward))
        return {BAD: 1 - good, GOOD: good}


def likelihoods(rows: Sequence[Scored], totals: Sequence[float], before: Sequence[float]) -> list[float]:
    """The mean log-probability of the tokens of each answer."""
    return [total / len(answer) for (_, answer), total in zip(rows, totals, strict=True)]
