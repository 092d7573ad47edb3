"""Several tasks in one training, each with its own head over the one body; one loss of them all.

By uncertainty (Kendall, Gal, Cipolla 2018, arXiv 1705.07115) a row of task k costs its loss / sigma_k^2 + log sigma_k
where it is classified (equation 10) and half of the first term where it has a number (equation 7); learned is
log sigma_k^2. Summed over the rows, so that forward passes add up to their step.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar

from pydantic import PrivateAttr

from overtone.core.task import Task
from overtone.objectives.objective import Objective
from overtone.train.together import Kind

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.loss import Loss
    from overtone.engine.row import Row


@dataclass(frozen=True, eq=False)
class TaskPart:
    """One task of a mixture with its rows of tokens."""

    name: str
    kind: Kind
    rows: "Sequence[Row]"
    validation: "Sequence[Row]"

    def refitted(self) -> "TaskPart":
        """With the validation rows to learn from too."""
        return replace(self, rows=[*self.rows, *self.validation], validation=())


class Mixture(Objective):
    """The losses of several tasks together; a row counts as much as any, however much is asked of it."""

    kinds: ClassVar[frozenset[str]] = frozenset({"encoder", "decoder"})
    tasks: ClassVar[frozenset[str]] = frozenset()

    own: Objective
    _parts: tuple[TaskPart, ...] = PrivateAttr(())
    _place: dict[int, int] = PrivateAttr(default_factory=dict)  # of a row's task, by which object the row is
    _weights: tuple[float, ...] = PrivateAttr(())  # of a unit in training
    _shares: tuple[float, ...] = PrivateAttr(())  # of a unit in validation

    @classmethod
    def of(cls, parts: Sequence[TaskPart]) -> "Mixture":
        """The own task first; rows of no other part are its own."""
        made = cls(own=parts[0].kind.objective)
        made._parts = tuple(parts)
        for place, part in enumerate(parts):
            made._place |= dict.fromkeys(map(id, (*part.rows, *part.validation)), place)
        made._weights = _even([part.rows for part in parts])
        units = [sum(row.units for row in part.validation) for part in parts]
        made._shares = tuple(sum(units) / one if one else 0.0 for one in units)
        return made

    def loss(self, learner: "Learner", rows: "Sequence[Row]", task: Task) -> "Loss":
        """Weighed and summed; in validation `loss` comes to the mean of the tasks' own, which stand beside it."""
        from overtone.engine.loss import Loss

        totals, sums, units = [], dict[str, float](), sum(row.units for row in rows)
        for place, part in enumerate(self._parts):
            own = [row for row in rows if self._place.get(id(row), 0) == place]
            if own:
                found = part.kind.objective.loss(
                    part.kind.learner.train(learner.training), own, part.kind.task
                )
                if learner.training:
                    totals.append(self._weights[place] * self._weighed(learner, found, place))
                else:
                    totals.append(found.total * (self._shares[place] / sum(map(bool, self._shares))))
                    sums |= self._told(found, place)
        if learner.training:
            for part, noise in zip(self._parts, getattr(learner, "deviations", ())):
                sums[f"{part.name} noise"] = noise * units
        total = totals[0]
        for other in totals[1:]:
            total = total + other
        return Loss(total=total, units=units, sums=sums)

    def _weighed(self, learner: "Learner", found: "Loss", place: int) -> "Tensor":
        """The sum of a task's losses under its noise, where noises are learned."""
        noises: Tensor | None = getattr(learner, "log_variances", None)
        if noises is None:
            return found.total
        half = 0.5 if self._parts[place].kind.task.asks == "regress" else 1.0
        return half * (-noises[place]).exp() * found.total + found.units * noises[place] / 2

    def _told(self, found: "Loss", place: int) -> dict[str, float]:
        """A task's sums by its name, so that over all validation rows each becomes the task's own mean."""
        share = self._shares[place]
        own = {key: value * share for key, value in found.sums.items()}
        named = {**own, "loss": found.total.item() * share}
        told = {f"{self._parts[place].name} {key}": value for key, value in named.items()}
        return told if place else {**own, **told}

    def quality(self, means: dict[str, float]) -> tuple[float, ...]:
        """The mean over tasks of the first number that tells a validation of each, then the loss."""
        found = []
        for part in self._parts:
            name = f"{part.name} "
            own = {key.removeprefix(name): value for key, value in means.items() if key.startswith(name)}
            if own:
                found.append(part.kind.objective.quality(own)[0])
        return (fmean(found), -means["loss"])


def _even(parts: "Sequence[Sequence[Row]]") -> tuple[float, ...]:
    """Weights of a unit by which the rows of all parts count alike, whose mean over all units is 1."""
    units = [sum(row.units for row in rows) / len(rows) for rows in parts]
    mean = sum(sum(row.units for row in rows) for rows in parts) / sum(map(len, parts))
    return tuple(mean / one for one in units)
