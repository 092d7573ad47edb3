"""What all distillation shares: a student learns from what a teacher says of the training rows.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import Field

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.objectives.divergence import Name, divergence
from overtone.objectives.objective import Objective

if TYPE_CHECKING:
    from torch import Tensor

    from overtone.engine.learner import Learner
    from overtone.engine.row import Row
    from overtone.engine.taught import Teacher
    from overtone.models.base import Base


class Distillation(Objective):
    """Learns from a teacher, which is asked once, before training (abstract: it has no name)."""

    teacher: str = Field(description="folder of a finished run, relative to the plan, or a base as it is")

    def check_teacher(self, teacher: "Teacher", base: "Base", labels: tuple[str, ...]) -> None:
        """UserError where the student cannot learn from this teacher; no weights are loaded for that."""
        kinds = self.teachers_of(base)
        if teacher.kind not in kinds:
            raise self.unfit(
                f"is a(n) {teacher.kind} and the student '{base.description.name}' a(n) {base.description.kind}",
                f"name a teacher of kind {' or '.join(sorted(kinds))}",
            )

    def teachers_of(self, base: "Base") -> frozenset[str]:
        """The kinds of teacher that a student can learn from: its own."""
        return frozenset({base.description.kind})

    def taught(
        self, rows: "Sequence[Row]", base: "Base", teacher: "Teacher", task: Task, labels: tuple[str, ...]
    ) -> "list[Row]":
        """The rows with what the teacher says of each."""
        raise NotImplementedError

    def remarks(self, learner: "Learner") -> list[str]:
        """Who teaches."""
        return [f"learns from the teacher {self.teacher}"]

    def unfit(self, reason: str, remedy: str) -> UserError:
        """What to say of a teacher that the student cannot learn from."""
        return UserError(f"stages[0].objective.teacher: '{self.teacher}' {reason}: {remedy}")


class Softened(Distillation):
    """The distance from the teacher's softened probabilities, mixed with the plain loss (abstract: it has no name)."""

    divergence: Name = Field(
        "forward_kl", description="distance of the student's probabilities from the teacher's"
    )
    beta: float = Field(0.5, gt=0, lt=1, description="weight of the teacher in the Jensen-Shannon divergence")
    temperature: float = Field(
        1.0, gt=0, description="logits are divided by it; the distance is multiplied by its square"
    )
    weight: float = Field(
        0.5, gt=0, le=1, description="of the distance; the plain loss of the row has the rest"
    )

    def distance(self, teacher: "Tensor", student: "Tensor") -> "Tensor":
        """Of softened log-probabilities (..., outcomes), times the squared temperature: (...)."""
        return self.temperature**2 * divergence(self.divergence, self.beta, teacher, student)

    def mixed(self, soft: "Tensor", hard: "Tensor") -> "Tensor":
        """The loss, of the distance and the plain loss."""
        return self.weight * soft + (1 - self.weight) * hard


def refuse_other_tokens(objective: Distillation, teacher: "Teacher", base: "Base") -> None:
    """UserError where teacher and student do not have the same tokens."""
    if not teacher.reads_as(base):
        raise objective.unfit(
            f"has other tokens than the student '{base.description.name}'",
            "set objective: distill_answers, which learns from what the teacher writes, or distill_universal",
        )
