"""A plan with every default made explicit, and refused before any work where its parts do not fit."""

from importlib.util import find_spec

from overtone.core.errors import MissingExtra, UserError
from overtone.decide.offers import chosen_rivals
from overtone.evaluate.metric import Metric
from overtone.models.describe import Description
from overtone.objectives.objective import Objective
from overtone.plan import DecideSettings, Plan
from overtone.train.stage import Stage

NEEDED = {"torch": "train", "transformers": "train", "peft": "train", "fastapi": "serve", "uvicorn": "serve"}


def resolve(plan: Plan, base: Description) -> Plan:
    """The plan with rivals, objective and rates written out. UserError where a rival or metric does not fit."""
    _refuse_metric(plan)
    rivals = chosen_rivals(plan.decide.rivals, plan.task, base.kind, bool(plan.data.documents))
    stages = [_stage(stage, plan) for stage in plan.stages]
    return plan.model_copy(update={"stages": stages, "decide": DecideSettings(rivals=list(rivals))})


def refuse_missing_packages() -> None:
    """MissingExtra where a package that every run uses is not installed (serving proves parity)."""
    for package, extra in NEEDED.items():
        if find_spec(package) is None:
            raise MissingExtra("a run", extra)


def _stage(stage: Stage, plan: Plan) -> Stage:
    objective = stage.objective or Objective.find(plan.task.objective)()
    rate = stage.method.learning_rate if stage.learning_rate is None else stage.learning_rate
    return stage.model_copy(update={"objective": objective, "learning_rate": rate})


def _refuse_metric(plan: Plan) -> None:
    try:
        metric = Metric.find(plan.task.metric)
    except ValueError as error:
        raise UserError(f"task.metric: {error}") from None
    if plan.task.asks not in metric.asks:
        fitting = [name for name, part in Metric.all().items() if plan.task.asks in part.asks]
        raise UserError(
            f"task.metric: '{metric.name}' does not judge the task '{plan.task.name}'; allowed: {', '.join(fitting)}"
        )
