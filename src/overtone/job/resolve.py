"""A plan with every default made explicit, and refused before any work where its parts do not fit."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from overtone.core.errors import MissingExtra, UserError
from overtone.decide.offers import chosen_rivals, offers
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.models.describe import Description
from overtone.objectives.objective import Objective
from overtone.plan import Plan
from overtone.plan.ready import ready_plan
from overtone.search.settings import SearchSettings
from overtone.train.resolve import resolved_stages

NEEDED = {"torch": "train", "transformers": "train", "peft": "train", "fastapi": "serve", "uvicorn": "serve"}


def resolve(plan: Plan, base: Description, summaries: bool = False) -> Plan:
    """The plan with rivals, objective and rates written out, and nothing to search.

    `summaries` says whether the rows look like summaries, which other rivals fit by default. UserError where a rival
    or the metric does not fit.
    """
    _refuse_formless(plan, base)
    plan = ready_plan(plan, Path())
    offered = offers(plan.task, base.kind, base.has_chat_template, bool(plan.data.documents), summaries)
    rivals = chosen_rivals(plan.decide.rivals, offered)
    _refuse_untunable(plan, rivals, base)
    stages = resolved_stages(plan.stages, plan.task, base.kind, base.hidden)
    own = [_with_own_stages(rival, plan, base) for rival in rivals]
    decide = plan.decide.model_copy(update={"rivals": own})
    return plan.model_copy(update={"stages": stages, "decide": decide, "search": SearchSettings()})


def refuse_missing_packages() -> None:
    """MissingExtra where a package that every run uses is not installed (serving proves parity)."""
    for package, extra in NEEDED.items():
        if find_spec(package) is None:
            raise MissingExtra("a run", extra)


def _with_own_stages(rival: Rival, plan: Plan, base: Description) -> Rival:
    if not isinstance(rival, FineTune) or rival.stages is None:
        return rival
    stages = resolved_stages(
        rival.stages, plan.task, base.kind, base.hidden, f"decide.rivals '{rival.key}' stages"
    )
    return rival.model_copy(update={"stages": stages})


def _refuse_formless(plan: Plan, base: Description) -> None:
    """Refuse conversations where the base has no form for them."""
    needed = plan.task.converses and base.kind == "decoder"
    plain = getattr(plan.task, "prompt", None)  # choices may stand in a prompt of their own
    if needed and not plain and not base.has_chat_template:
        raise UserError(
            f"base '{base.name}' has no chat template, so it cannot hold a conversation: choose a base tuned for "
            "chat, or put a chat_template.jinja into its folder."
        )


def _refuse_untunable(plan: Plan, rivals: Sequence[Rival], base: Description) -> None:
    """Refuse a base that cannot be tuned for the task, unless the plan itself names rivals without tuning."""
    if plan.decide.rivals is None and not any(rival.tuned for rival in rivals):
        trained = [part.kinds for part in Objective.all().values() if part.serves(plan.task)]
        raise UserError(
            f"base: '{base.name}' is an {base.kind}, which cannot be tuned for the task '{plan.task.name}': choose a "
            f"base of kind {' or '.join(sorted(frozenset().union(*trained)))}, or name the rivals to measure in "
            "decide.rivals"
        )
