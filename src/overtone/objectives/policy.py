"""What all learning from rewards shares: answers are drawn from the model, judged, and made likelier or less likely.

Who draws and judges is handed to the loop; an objective says how many answers it wants, what each is worth, and what
is minimised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.objectives.answering import learned_behind
from overtone.objectives.objective import Objective
from overtone.objectives.policy_formulas import divergence
from overtone.objectives.policy_reward import RewardSource
from overtone.objectives.policy_rows import Drawn, Group, PromptRow

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row
    from overtone.models.base import Base


@dataclass(frozen=True)
class Tokens:
    """All drawn tokens of a batch; every tensor is (tokens,) unless it says otherwise."""

    answers: Sequence[Drawn]
    rows: "Tensor"  # the answer of each token
    weights: "Tensor"
    now: "Tensor"  # natural-log probability under the learner, with a gradient
    before: "Tensor"  # the same when the answer was drawn
    references: "Tensor | None"  # the same before training
    values: "Tensor | None"  # what the value head expects, with a gradient

    def of(self, numbers: str) -> "Tensor":
        """Known numbers of each token, by their name in `Drawn`."""
        return self.now.new_tensor([one for answer in self.answers for one in getattr(answer, numbers)])

    def summed(self, numbers: "Tensor") -> "Tensor":
        """Added up over each answer: (answers,)."""
        return numbers.new_zeros(len(self.answers)).index_add(0, self.rows, numbers)


class Policy(Objective):
    """A loss of drawn and judged answers (abstract: it has no name)."""

    kinds: ClassVar[frozenset[str]] = frozenset({"decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset({"generate"})
    rate_share: ClassVar[float] = 1 / 3  # rewards are noisy

    reward: RewardSource = RewardSource()
    group: int = Field(8, ge=2, description="answers drawn for each prompt")
    max_tokens: int | None = Field(
        None, ge=1, description="longest answer drawn, in tokens; the task's own where absent"
    )
    updates: int = Field(1, ge=1, description="optimizer's updates made from the same answers")
    clip: float = Field(0.2, gt=0, lt=1, description="a ratio of probabilities counts up to so far from 1")
    beta: float = Field(0.04, ge=0, description="weight of the divergence from the model as it was")

    @property
    def repeats(self) -> int:
        """Every step makes `updates` from its answers."""
        return self.updates

    def row(self, example: Example, base: "Base", task: Task, labels: tuple[str, ...]) -> "Row":
        """The prompt; the wanted answer is known to the reward alone."""
        from overtone.models.template import encode_answer

        prompt, answer = encode_answer(base, example.messages)
        row = learned_behind(base, prompt, ())
        return PromptRow(
            row.tokens, row.learned, source=row.source, example=example, room=max(1, len(answer))
        )

    def valued(self, learner: "Learner", groups: Sequence[Group]) -> list[Group]:
        """The groups of a step with all that is known of their answers before the first update."""
        return [
            replace(group, drawn=tuple(map(_weighted, group.drawn, self.advantages(group.drawn))))
            for group in groups
        ]

    def advantages(self, answers: Sequence[Drawn]) -> list[float]:
        """How much better than expected each answer of a group is."""
        raise NotImplementedError

    def losses(self, tokens: Tokens) -> "tuple[Tensor, Tensor]":
        """The loss summed over answers, and for each token whether clipping holds it back."""
        raise NotImplementedError

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over answers, as are the further sums.

        `kl` is the divergence a token from the model as it was, `entropy` the surprise of the drawn tokens in nats,
        whose mean over draws is the entropy.
        """
        from overtone.engine.loss import Loss

        tokens = self.tokens(learner, [one for row in rows if isinstance(row, Group) for one in row.drawn])
        total, held = self.losses(tokens)
        now = tokens.now.detach()
        each = {"clipped": held, "entropy": -now}
        if tokens.references is not None:
            each["kl"] = divergence(now, tokens.references)
        sums = {name: (tokens.weights * numbers).sum().item() for name, numbers in each.items()}
        sums["reward"] = sum(answer.reward for answer in tokens.answers)
        sums["length"] = float(sum(len(answer.before) for answer in tokens.answers))
        return Loss(total=total, units=len(tokens.answers), sums=sums)

    def tokens(self, learner: "Learner", answers: Sequence[Drawn]) -> Tokens:
        """The drawn tokens as the learner sees them, with what was known of them."""
        now, rows, values = self.read(learner, answers)
        weights = now.new_tensor([answer.weight for answer in answers])[rows]
        known = Tokens(answers, rows, weights, now, now.detach(), None, values)
        if self.updates > 1:  # at the only update the learner still is what it was
            known = replace(known, before=known.of("before"))
        return replace(known, references=known.of("references")) if self.beta else known

    def read(self, learner: "Learner", answers: "Sequence[Row]") -> "tuple[Tensor, Tensor, Tensor | None]":
        """Of each drawn token the log-probability, its answer, and the value of the state before it."""
        from overtone.engine.score import learned_log_probabilities

        sequences, learned = [row.tokens for row in answers], [row.learned for row in answers]
        return *learned_log_probabilities(learner.body, sequences, learned), None

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The higher the reward of the answers the better."""
        return (means["reward"],)


def _weighted(answer: Drawn, advantage: float) -> Drawn:
    """An answer's tokens share its advantage, and together count as one."""
    count = len(answer.before)
    return replace(answer, advantages=(advantage,) * count, weight=1 / count)
