"""A plan with every default made explicit, and refused before any work where its parts do not fit."""

from collections.abc import Sequence
from importlib.util import find_spec

from overtone.core.errors import MissingExtra, UserError
from overtone.decide.offers import chosen_rivals, offers
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.evaluate.metric import Metric
from overtone.models.describe import Description
from overtone.objectives.objective import Objective
from overtone.plan import DecideSettings, Plan
from overtone.train.stage import Stage

NEEDED = {"torch": "train", "transformers": "train", "peft": "train", "fastapi": "serve", "uvicorn": "serve"}


def resolve(plan: Plan, base: Description) -> Plan:
    """The plan with rivals, objective and rates written out. UserError where a rival or metric does not fit."""
    _refuse_formless(plan, base)
    _refuse_metric(plan)
    offered = offers(plan.task, base.kind, base.has_chat_template, bool(plan.data.documents))
    rivals = chosen_rivals(plan.decide.rivals, offered)
    _refuse_untunable(plan, rivals, base)
    _refuse_several_stages(rivals)
    stages = [_stage(stage, plan, base) for stage in plan.stages]
    own = [_with_own_stages(rival, plan, base) for rival in rivals]
    return plan.model_copy(update={"stages": stages, "decide": DecideSettings(rivals=own)})


def refuse_missing_packages() -> None:
    """MissingExtra where a package that every run uses is not installed (serving proves parity)."""
    for package, extra in NEEDED.items():
        if find_spec(package) is None:
            raise MissingExtra("a run", extra)


def _with_own_stages(rival: Rival, plan: Plan, base: Description) -> Rival:
    if not isinstance(rival, FineTune) or rival.stages is None:
        return rival
    return rival.model_copy(update={"stages": [_stage(stage, plan, base) for stage in rival.stages]})


def _stage(stage: Stage, plan: Plan, base: Description) -> Stage:
    objective = stage.objective or Objective.usual(plan.task, base.kind)
    rate = stage.learning_rate
    if rate is None:  # a method whose body stands still has the rate 0, which is none
        rate = stage.method.usual_rate or None
    return stage.model_copy(update={"objective": objective, "learning_rate": rate})


def _refuse_formless(plan: Plan, base: Description) -> None:
    """Refuse conversations where the base has no form for them."""
    if plan.task.asks in ("generate", "prefer") and base.kind == "decoder" and not base.has_chat_template:
        raise UserError(
            f"base '{base.name}' has no chat template, so it cannot hold a conversation: choose a base tuned for "
            "chat, or put a chat_template.jinja into its folder."
        )


def _refuse_untunable(plan: Plan, rivals: Sequence[Rival], base: Description) -> None:
    """Refuse a base that cannot be tuned for the task, unless the plan itself names rivals without tuning."""
    if plan.decide.rivals is None and not any(rival.tuned for rival in rivals):
        trained = [part.kinds for part in Objective.all().values() if plan.task.asks in part.tasks]
        raise UserError(
            f"base: '{base.name}' is an {base.kind}, which cannot be tuned for the task '{plan.task.name}': choose a "
            f"base of kind {' or '.join(sorted(frozenset().union(*trained)))}, or name the rivals to measure in "
            "decide.rivals"
        )


def _refuse_several_stages(rivals: Sequence[Rival]) -> None:
    for rival in rivals:
        if isinstance(rival, FineTune) and len(rival.stages or ()) > 1:
            raise UserError(
                f"decide.rivals: '{rival.key}' names several stages; this version trains one stage a "
                "candidate. Keep one, or make each a rival with a label of its own."
            )


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
