"""The plan's file: read with overrides, checked as a whole, and written with every default resolved."""

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from overtone.core.errors import UserError
from overtone.plan.document import read_document
from overtone.plan.override import apply_override, keys_of
from overtone.plan.plan import Plan
from overtone.plan.problem import plan_error


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
        document = _overridden(document, overrides)
        source = f"{path} with --set"
    plan = check_plan(document, source)
    return plan.model_copy(
        update={"name": next(one for one in (name, plan.name, path.stem) if one is not None)}
    )


def check_plan(document: Any, source: str = "the plan") -> Plan:
    """A checked plan from plain values; UserError with one line for each problem."""
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        raise plan_error(error, source) from None


def write_plan(plan: Plan) -> str:
    """The plan as YAML with every default resolved; reading it gives the same plan."""
    return str(yaml.safe_dump(plan.model_dump(mode="json"), sort_keys=False, allow_unicode=True))


def plan_schema() -> dict[str, Any]:
    """The JSON schema of a plan file, all parts included."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Plan.model_json_schema()}


def _overridden(document: Any, overrides: Sequence[str]) -> Any:
    """The values with overrides applied, each upon the resolved plan, so that its path exists.

    Shorter paths come first: `method=lora` before `method.rank=8`, and what a plan lacks before all else.
    """
    for override in sorted(overrides, key=lambda override: len(keys_of(override))):
        document = _resolved(document)
        apply_override(document, override)
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
