"""What does not hold in a plan, told in the plan's own words: one line for each problem, where and what."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from overtone.core.errors import UserError, nearest

LONGEST = 60  # characters of a wrong value that are shown
MAPPING, WHOLE, NUMBER = "a mapping, as in {name: value}", "a whole number", "a number"
WANTED = {  # what stands in place of a message that speaks of Python
    "list_type": "a list, as in [first, second]",
    "dict_type": MAPPING,
    "model_type": MAPPING,
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "a text",
}


def plan_error(error: ValidationError, source: str) -> UserError:
    """One error that names every problem: `plan.yaml, stages[0].method: no method is called 'lroa'. ...`"""
    found = error.errors(include_url=False, include_context=False)
    return UserError("\n".join(f"{_place(source, problem['loc'])}: {_say(problem)}" for problem in found))


def _place(source: str, location: Sequence[int | str]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return f"{source}, {path.removeprefix('.')}" if path else source


def _say(problem: Mapping[str, Any]) -> str:
    """The problem as a sentence that begins where the place ends."""
    if problem["type"] == "missing":
        return "this setting is required."
    message = str(problem["msg"]).removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return message
    if problem["type"] in WANTED:
        message = f"should be {WANTED[problem['type']]}"
    message = re.sub(r"^(Input|String|List) should", "should", message).rstrip(".")
    shown, allowed = repr(problem["input"]), re.findall(r"'([^']*)'", message)
    hint = nearest(problem["input"], allowed) if problem["type"] == "literal_error" else ""
    return f"{message}, not {shown if len(shown) <= LONGEST else shown[:LONGEST] + '...'}.{hint}"
