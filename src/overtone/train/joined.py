"""A stage with the other rows that it sees and the anchor that holds it, made ready for the loop."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum, Seen
from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.objectives.objective import Objective
from overtone.objectives.policy import Policy
from overtone.train.artifact import Artifact
from overtone.train.earlier import Earlier
from overtone.train.held import Held, fisher_of, held
from overtone.train.mixture import Mixture, TaskPart
from overtone.train.neighbours import check_neighbours
from overtone.train.stage import Stage
from overtone.train.teacher import prepared
from overtone.train.together import Kind, Together


@dataclass(frozen=True)
class Joined:
    """What the loop is given."""

    rows: list[Row]
    objective: Objective
    stage: Stage
    validation: Sequence[Row] = ()  # of the further tasks


def joined(
    stage: Stage,
    artifact: Artifact,
    objective: Objective,
    rows: list[Row],
    others: Sequence[Earlier],
    seed: int,
    parts: Sequence[TaskPart] = (),
) -> Joined:
    """The stage's rows with those of others that its curriculum sees; UserError where there are none to see.

    `parts` are a mixture's tasks, the stage's own first.
    """
    check_neighbours(stage, bool(others))
    if not stage.curriculum.earlier:
        others = ()
    elif isinstance(objective, Policy):
        raise UserError(
            f"stages[0].curriculum: '{stage.curriculum.name}' cannot mix rows with answers that are drawn while "
            "learning: use single"
        )
    kinds = [
        (_kind(one, artifact, objective), _rows(one, stage, artifact, objective, None, seed))
        for one in others
    ]
    further = parts[1:]
    whole = [
        *rows,
        *(row for _, found in kinds for row in found),
        *(row for one in further for row in one.rows),
    ]
    together = Together.of(objective, kinds) if kinds else objective
    together = Mixture.of(parts) if further else together

    def losses() -> list[float]:
        if objective.head or isinstance(objective, Policy):
            raise _lossless(objective)
        return _losses(artifact.learner, together, artifact.card.task, whole)

    sizes = (len(rows), *(len(found) for _, found in kinds), *(len(one.rows) for one in further))
    ready = stage.model_copy(update={"curriculum": _over(stage, Seen(sizes, losses))})
    return Joined(whole, together, ready, [row for one in further for row in one.validation])


def anchored(
    stage: Stage, artifact: Artifact, objective: Objective, earlier: Sequence[Earlier], seed: int
) -> Held | None:
    """What the stage's anchor holds; UserError where nothing could be held, or nothing says how strongly."""
    if stage.anchor is None:
        return None
    check_neighbours(stage, bool(earlier))
    if not stage.anchor.sampled:
        return held(artifact.learner, stage.anchor.strength)
    most = getattr(stage.anchor, "rows", None)
    asked = [
        (_kind(one, artifact, objective), _rows(one, stage, artifact, objective, most, seed))
        for one in earlier
    ]
    return held(artifact.learner, stage.anchor.strength, fisher_of(asked))


def _kind(one: Earlier, artifact: Artifact, own: Objective) -> Kind:
    learner = one.learner(artifact.learner, artifact.base, artifact.card.labels)
    return Kind(learner, one.objective(own), one.task)


def _rows(
    one: Earlier, stage: Stage, artifact: Artifact, own: Objective, most: int | None, seed: int
) -> list[Row]:
    """Tokens of the task's rows; an objective that asks an untuned model asks this one as it stands."""
    objective, base = one.objective(own), artifact.base
    rows = one.rows(objective, base, stage.method.positions, most, seed)
    return prepared(objective, base, one.task, one.labels, [rows])[0]


def _over(stage: Stage, seen: Seen) -> Curriculum:
    try:
        return stage.curriculum.over(seen)
    except ValueError as error:
        raise UserError(f"stages[0].curriculum: {error}") from None


@torch.no_grad()
def _losses(learner: Learner, objective: Objective, task: Task, rows: Sequence[Row]) -> list[float]:
    """The mean loss of each row by itself."""
    learner.eval()
    found = (objective.loss(learner, [row], task) for row in rows)
    return [loss.total.item() / loss.units for loss in found]


def _lossless(objective: Objective) -> UserError:
    return UserError(
        f"stages[0].curriculum: before training the objective '{objective.name}' gives no loss that tells easy rows "
        "from hard ones: measure them by length"
    )
