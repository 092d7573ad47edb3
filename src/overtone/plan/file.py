"""The plan's file: read with overrides, checked as a whole, and written with every default resolved."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from overtone.core.errors import UserError
from overtone.evaluate.judging import check_judging
from overtone.plan.document import read_document
from overtone.plan.override import apply_override, keys_of, put_value
from overtone.plan.plan import Plan
from overtone.plan.problem import plan_error
from overtone.plan.ready import ready_plan


def read_plan(path: Path | str, overrides: Sequence[str] = (), name: str | None = None) -> Plan:
    """The plan in a YAML file, after `key=value` overrides; UserError with one line for each problem.

    The run is called `name`, or what the plan says, or after the file.
    """
    path = Path(path)
    document = read_document(path)
    if not isinstance(document, dict):
        raise UserError(
            f"{path} is no plan: it holds {_kind(document)} where settings such as `task: classify` are expected. "
            "`overtone init DATA` writes one."
        )
    source = str(path)
    if overrides:
        document = _changed(document, overrides, apply_override)
        source = f"{path} with --set"
    plan = ready_plan(check_plan(document, source), path.parent, source)
    return plan.model_copy(
        update={"name": next(one for one in (name, plan.name, path.stem) if one is not None)}
    )


def check_plan(document: Any, source: str = "the plan") -> Plan:
    """A checked plan from plain values; UserError with one line for each problem."""
    try:
        plan = Plan.model_validate(document)
        check_judging(plan.task)
    except ValidationError as error:
        raise plan_error(error, source) from None
    return plan


def write_plan(plan: Plan) -> str:
    """The plan as YAML with every default resolved; reading it gives the same plan."""
    return str(yaml.safe_dump(plan.model_dump(mode="json"), sort_keys=False, allow_unicode=True))


def plan_schema() -> dict[str, Any]:
    """The JSON schema of a plan file, all parts included."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema()}


def change_plan(plan: Plan, values: Mapping[str, Any], source: str) -> Plan:
    """The plan with other values at paths such as `stages.0.method.rank`; UserError where it does not hold then."""

    def put(document: Any, path: str) -> None:
        put_value(document, path, values[path])

    return check_plan(_changed(plan.model_dump(mode="json"), values, put), source)


def _changed(document: Any, changes: Iterable[str], apply: Callable[[Any, str], None]) -> Any:
    """The values with changes applied, each upon the resolved plan, so that its path exists.

    Shorter paths come first: `method=lora` before `method.rank=8`, and what a plan lacks before all else.
    """
    for change in sorted(changes, key=lambda change: len(keys_of(change))):
        document = _resolved(document)
        apply(document, change)
    return document


def _resolved(document: Any) -> Any:
    """All values, defaults included; a copy where they do not hold, for an override may be what they lack."""
    try:
        return Plan.model_validate(document).model_dump(mode="json")
    except ValidationError:
        return copy.deepcopy(document)


def _kind(value: Any) -> str:
    kinds = {type(None): "nothing", list: "a list", str: "a text"}
    return kinds.get(type(value), f"the value {value!r}")
