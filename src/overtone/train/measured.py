"""Which validation is the best, told by answers: the loss of wanted ones says little of those that a model writes."""

from collections.abc import Callable, Sequence
from functools import partial

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.train.artifact import Artifact
from overtone.train.stage import Stage

Measure = Callable[[Artifact, Sequence[Example]], float]


def check_measured(stage: Stage, task: Task) -> None:
    """UserError where the task's metric cannot be taken of the validation rows alone."""
    if stage.best_by == "metric" and task.asks == "embed":
        raise UserError(
            f"stages[0].best_by: the metric of the task '{task.name}' ranks all passages, which a validation does not "
            "have: leave it at objective"
        )


def measured(
    stage: Stage, measure: Measure | None, artifact: Artifact, examples: Sequence[Example]
) -> Callable[[], float] | None:
    """Gives the task's metric over the rows as the model stands; None where the objective's number decides."""
    if stage.best_by == "objective":
        return None
    if measure is None:
        raise ValueError("the stage asks for the task's metric and nothing measures it")
    return partial(measure, artifact, examples)
