"""What the tasks of a mixture gain by each other: each task's result, beside that of a model of this task alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from overtone.core.errors import UserError, nearest
from overtone.core.example import Example
from overtone.curricula.mix import Mix
from overtone.curricula.single import Single
from overtone.evaluate.metric import deciding
from overtone.evaluate.scores import compare, correct, score
from overtone.job.answering import answers_of
from overtone.job.stages import stages_of
from overtone.plan import Plan
from overtone.train.artifact import Artifact
from overtone.train.shared import SharedLearner, TaskRows
from overtone.train.stage import Stage
from overtone.train.tune import Tuning

ALONE = "alone"  # in a candidate's folder: the models of single tasks


def alone_stage(stage: Stage, task: TaskRows) -> Stage:
    """The stage for one task of its mixture: everything the same, but the others are not there."""
    mix = stage.curriculum
    assert isinstance(mix, Mix)
    objective = stage.objective if task.name == mix.own_name else None
    alone = Single(pool=mix.pool)
    return stage.model_copy(update={"curriculum": alone, "objective": objective, "data": None, "task": None})


def judged_tasks(
    tuning: Tuning, artifact: Artifact, test: Sequence[Example], alone: Callable[[TaskRows], Artifact]
) -> list[dict[str, Any]]:
    """A plain row for each task, the stage's own first: scores together and alone on the same test rows, and the gain.

    `test` are rows of the own task; `alone` trains a task by itself. The p values of the gains are one family (Holm).
    """
    mix = tuning.stage.curriculum
    assert isinstance(mix, Mix) and isinstance(artifact.learner, SharedLearner)
    own = TaskRows(mix.own_name, tuning.task, tuning.labels, tuning.train, tuning.validation, test)
    tasks = [own, *tuning.tasks]
    rows, gains = [], {}
    for one in tasks:
        judged = [row for row in one.test if deciding(one.task).judges(row)]
        row: dict[str, Any] = {"task": one.name, "asks": one.task.name, "rows": len(one.train)}
        if judged:
            metric, given = deciding(one.task), answers_of(artifact.under(one.name), judged)
            row |= {"metric": metric.heading}
            row |= {"together": asdict(score(metric, judged, given, one.task, tuning.seed))}
            if mix.alone:
                single = answers_of(alone(one), judged)
                row |= {"alone": asdict(score(metric, judged, single, one.task, tuning.seed))}
                gains[one.name] = compare(metric, judged, given, single, one.task, tuning.seed)
        rows.append(row)
    corrected = correct(gains)
    for row, noise in zip(rows, artifact.learner.deviations):
        row["noise"] = noise
    return [
        {**row, "gain": asdict(corrected[row["task"]])} if row["task"] in corrected else row for row in rows
    ]


def plan_of_task(plan: Plan, name: str) -> Plan:
    """The plan as it reads rows of one task of a mixture; UserError where it has no such task."""
    mixtures = list(_mixtures(stages_of(plan)))
    for mix in mixtures:
        if name == mix.own_name:
            return plan
        if name in mix.tasks:
            one = mix.tasks[name]
            return plan.model_copy(update={"task": one.task, "data": one.data})
    names = [known for mix in mixtures for known in (mix.own_name, *mix.tasks)]
    told = f"its tasks are {', '.join(names)}" if names else "its plan has one task alone"
    raise UserError(f"the run has no task '{name}': {told}.{nearest(name, names)}")


def _mixtures(stages: Sequence[Stage]) -> Iterator[Mix]:
    """The mixtures of several tasks."""
    yield from (
        stage.curriculum for stage in stages if isinstance(stage.curriculum, Mix) and stage.curriculum.tasks
    )
