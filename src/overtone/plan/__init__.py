"""The plan: what a run is asked to do, its file, and what is said when it does not hold."""

from overtone.plan.draft import draft_plan
from overtone.plan.file import change_plan, check_plan, plan_schema, read_plan, write_plan
from overtone.plan.plan import DecideSettings, Plan

__all__ = [
    "DecideSettings",
    "Plan",
    "change_plan",
    "check_plan",
    "draft_plan",
    "plan_schema",
    "read_plan",
    "write_plan",
]
