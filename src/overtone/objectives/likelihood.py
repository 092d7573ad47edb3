"""What all next-token objectives share: minus the log-probability of the learned tokens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row


class Likelihood(Objective):
    """Minus the log-probability of the learned tokens, summed (abstract: it has no name)."""

    kinds: ClassVar[frozenset[str]] = frozenset({"decoder"})

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Summed over learned tokens."""
        from overtone.engine.loss import Loss
        from overtone.engine.score import total_log_probability

        sequences, learned = [row.tokens for row in rows], [row.learned for row in rows]
        total = total_log_probability(learner.body, sequences, learned)
        return Loss(total=-total, units=sum(row.units for row in rows))
