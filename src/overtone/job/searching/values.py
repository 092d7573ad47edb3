"""A plan with a trial's values, and the refusal of a space that does not fit the plan before anything starts."""

from collections.abc import Mapping
from typing import Any

from overtone.core.errors import UserError
from overtone.job.resolve import resolve
from overtone.models.describe import describe
from overtone.plan import Plan, change_plan
from overtone.plan.override import keys_of
from overtone.search.space import Space

MOST_SAMPLES = 1000  # of a space that are held against the plan
JUDGED = "decides which rows are judged or by what, so that trials could not be compared"
IDLE = "does not change what a trial trains"
FIXED = {
    "data": JUDGED,
    "seed": JUDGED,
    "task.name": JUDGED,
    "task.metric": JUDGED,
    "task.multi_label": JUDGED,
    "task.bar": IDLE,
    "task.wrong_answer_cost": IDLE,
    "task.answers_per_month": IDLE,
    "name": IDLE,
    "decide": IDLE,
    "search": IDLE,
}


def with_values(plan: Plan, values: Mapping[str, Any]) -> Plan:
    """The resolved plan with a trial's values; UserError where they do not hold together."""
    try:
        changed = change_plan(plan, values, "search.space")
        return resolve(changed, describe(changed.base))
    except UserError as error:
        told = str(error).removeprefix("--set: ")
        place = "" if told.startswith("search.space") else "search.space: "
        raise UserError(f"{place}{told}{_tried(values)}") from None


def check_space(plan: Plan, space: Space) -> None:
    """UserError where a setting is unknown or fixed, or where a value does not hold in the plan."""
    for key in space.dimensions:
        _refuse_fixed(key)
    for number, values in enumerate(space.samples()):
        if number < MOST_SAMPLES:
            with_values(plan, values)


def _refuse_fixed(key: str) -> None:
    path = ".".join(keys_of(key))
    if path == "task":
        raise UserError(
            f"search.space: 'task' {JUDGED}. Name one of its settings, such as task.system_prompt."
        )
    if path.endswith(".refit"):
        raise UserError(
            f"search.space: '{key}' cannot be searched, for trials are scored on the rows that a refit learns from. "
            "Set it in the plan: the best trial's plan keeps it."
        )
    for name, reason in FIXED.items():
        if path == name or path.startswith(f"{name}."):
            raise UserError(f"search.space: '{key}' cannot be searched, for it {reason}. Take it out.")


def _tried(values: Mapping[str, Any]) -> str:
    return f" (tried {', '.join(f'{key}: {value}' for key, value in values.items())})" if values else ""
