"""An earlier task of a stage: its rows, and the head that its own stage learned, as they are used again later."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.models.base import Base
from overtone.objectives.objective import Objective
from overtone.train.artifact import make_learner, read_card


@dataclass(frozen=True)
class Earlier:
    """Training rows of an earlier task. `folder` holds the artifact of its stage, whose head stays as it is.

    Without one, the rows are more of the stage's own.
    """

    task: Task
    labels: tuple[str, ...]
    train: Sequence[Example]
    folder: Path | None = None

    def objective(self, own: Objective) -> Objective:
        """What its stage minimised, or what the stage itself does."""
        found = read_card(self.folder).objective if self.folder else None
        return found or own

    def learner(self, learner: Learner, base: Base, outputs: tuple[str, ...]) -> Learner:
        """The body of a learner under the head of this task, which does not learn any more.

        Where the learner's own `outputs` are the same, its head serves both.
        """
        if self.folder is None or (labels := read_card(self.folder).labels) == outputs:
            return learner
        other = make_learner(base, learner.body, labels, 0.0, 0)
        if other.head is not None:
            from safetensors.torch import load_file

            other.head.load_state_dict(load_file(self.folder / "head.safetensors"))
            other.head.requires_grad_(False)
        return other

    def rows(
        self, objective: Objective, base: Base, positions: int, most: int | None, seed: int
    ) -> list[Row]:
        """Its rows that fit the context, at most so many, drawn by the seed."""
        drawn = list(self.train)
        if most is not None and most < len(drawn):
            drawn = Random(f"earlier/{seed}").sample(drawn, most)
        rows = [objective.row(example, base, self.task, self.labels) for example in drawn]
        return [row for row in rows if row.units and row.longest <= base.description.context - positions]
