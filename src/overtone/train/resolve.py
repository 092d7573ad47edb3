"""Stages with every default written out, refused where one cannot follow the other."""

from collections.abc import Sequence

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.models.families import Kind
from overtone.objectives.objective import Objective
from overtone.train.carry import carry_of, check_carries
from overtone.train.neighbours import check_neighbours
from overtone.train.packed import check_packed
from overtone.train.stage import Stage
from overtone.train.untrained import check_untrained
from overtone.train.usual_rate import usual_rate
from overtone.train.vocabulary import check_new_words


def resolved_stages(
    stages: Sequence[Stage], task: Task, kind: Kind, width: int, where: str = "stages"
) -> list[Stage]:
    """The stages with objective, rate and what they take over; `width` is that of the base's hidden states.

    `where` is how messages call the list.
    """
    last = stages[-1]
    if last.data is not None:
        raise UserError(
            f"{where}[{len(stages) - 1}].data: the last stage trains for the plan's own task on the plan's own rows: "
            "name these rows in the plan's data, or add a stage after it"
        )
    found: list[Stage] = []
    for stage in stages:
        found.append(_resolved(stage, task, kind, width, found[-1] if found else None))
    check_carries(found, where)
    for place, stage in enumerate(found):
        check_neighbours(stage, place > 0, f"{where}[{place}]")
        check_packed(stage, f"{where}[{place}]")
        check_new_words(stage, f"{where}[{place}]")
        check_untrained(stage, f"{where}[{place}]")
    return found


def _resolved(stage: Stage, task: Task, kind: Kind, width: int, before: Stage | None) -> Stage:
    objective = stage.objective or Objective.usual(stage.task or task, kind)
    rate = stage.learning_rate
    if rate is None:  # a method whose body stands still has the rate 0, which is none
        rate = usual_rate(stage.method, objective, kind, width) or None
    carry = carry_of(stage, before) if before else stage.carry
    method = stage.method.started().suited(kind)
    return stage.model_copy(
        update={"method": method, "objective": objective, "learning_rate": rate, "carry": carry}
    )
