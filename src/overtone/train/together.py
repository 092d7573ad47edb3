"""Rows of several tasks in one training: each kind has its own loss and its own head over the one body."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import PrivateAttr

from overtone.core.task import Task
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row


@dataclass(frozen=True, eq=False)
class Kind:
    """A task of the rows, and the learner with its head."""

    learner: "Learner"
    objective: Objective
    task: Task


class Together(Objective):
    """The stage's own objective on its own rows, and on other rows the loss of their task (it has no name)."""

    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder", "encoder-decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset()

    own: Objective
    _others: dict[int, Kind] = PrivateAttr(default_factory=dict)

    @classmethod
    def of(cls, own: Objective, others: Sequence[tuple[Kind, Sequence["Row"]]]) -> "Together":
        """Rows are told apart by which object they are: the training hands on those that it was given."""
        made = cls(own=own)
        for kind, rows in others:
            made._others.update(dict.fromkeys(map(id, rows), kind))
        return made

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """The sum of the losses of all kinds; while it learns no other number, for each kind has others."""
        from overtone.engine.loss import Loss

        own = [row for row in rows if id(row) not in self._others]
        parts = [self.own.loss(learner, own, task)] if own else []
        sums = {} if learner.training else dict(parts[0].sums)
        for kind in dict.fromkeys(self._others[id(row)] for row in rows if id(row) in self._others):
            its_rows = [row for row in rows if self._others.get(id(row)) is kind]
            parts.append(kind.objective.loss(kind.learner, its_rows, kind.task))
        total = parts[0].total
        for part in parts[1:]:
            total = total + part.total
        return Loss(total=total, units=sum(part.units for part in parts), sums=sums)

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """Validations are of the stage's own rows."""
        return self.own.quality(means)
