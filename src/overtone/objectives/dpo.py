"""Direct preference optimisation: make chosen answers likelier than rejected ones, measured against the base.

Rafailov et al. 2023, "Direct Preference Optimization: Your Language Model is Secretly a Reward Model",
arXiv 2305.18290, equation 7. Label smoothing is the conservative variant of Mitchell 2023, "A note on DPO with
noisy preferences and relationship to IPO", equation 3: a share of the pairs is taken to be marked the wrong way.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


class Dpo(Objective):
    """Minus the log-likelihood of the preferences, whose odds are the ratios of the model to the untuned base."""

    name: ClassVar[str] = "dpo"
    kinds: ClassVar[frozenset[str]] = frozenset({"decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"prefer"})

    beta: float = Field(0.1, gt=0, description="how strongly the model is held to the base")
    label_smoothing: float = Field(
        0.0, ge=0, lt=0.5, description="share of pairs taken to be marked the wrong way"
    )

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The chosen answer's conversation with the rejected one's in it; only the last answer counts in each."""
        chosen, rejected = (_row(base, messages) for messages in example.conversations)
        return replace(chosen, rejected=rejected)

    def prepare(self, rows: "Sequence[Row]", base: "Base") -> "list[Row]":
        """The log-probability of every answer under the untuned base, once for the whole training."""
        from overtone.engine.reference import with_references

        return with_references(base.description.name, base.model, rows)

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over pairs; `accuracy` counts those with a margin above 0, `margin` adds the margins up."""
        import torch
        from torch.nn.functional import logsigmoid

        from overtone.engine.loss import Loss
        from overtone.engine.totals import total_log_probabilities

        answers = [answer for row in rows for answer in row.answers]
        totals = total_log_probabilities(learner.body, answers)
        ratios = totals - torch.tensor([answer.reference for answer in answers], device=totals.device)
        chosen, rejected = (self.beta * ratios).view(-1, 2).unbind(-1)  # rewards: (pairs,) each
        margins = chosen - rejected
        likelihood = torch.lerp(logsigmoid(margins), logsigmoid(-margins), self.label_smoothing)
        sums = {"accuracy": (margins > 0).sum().item(), "margin": margins.detach().sum().item()}
        return Loss(total=-likelihood.sum(), units=len(rows), sums=sums)

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The more pairs ordered rightly the better, as the task judges; among equals the one with the lower loss."""
        return (means["accuracy"], -means["loss"])


def _row(base: "Base", messages: Sequence[Message]) -> "Row":
    from overtone.engine.row import Row
    from overtone.models.template import encode_answer

    prompt, answer = encode_answer(base, messages)
    return Row(tokens=(*prompt, *answer), learned=(False,) * len(prompt) + (True,) * len(answer))
