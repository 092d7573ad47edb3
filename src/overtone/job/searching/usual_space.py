"""The space that is searched where a plan names none: a few settings that matter most, around the plan's own."""

from collections.abc import Mapping
from typing import Any

from overtone.plan import Plan
from overtone.search.settings import Dimension
from overtone.search.space import Space
from overtone.train.stage import Stage

APART = 4.0  # how far a rate may lie from its own value, in both directions
PASSES = (0.5, 1, 2)  # times the epochs
OF_METHOD: Mapping[str, Any] = {"rank": [4, 8, 16, 32]}
OF_OBJECTIVE: Mapping[str, Any] = {"beta": {"low": 0.03, "high": 0.5, "log": True}}


def usual_space(plan: Plan) -> Space:
    """Of each stage epochs, the rates of body and head, and the settings in the tables above that it has.

    `plan` is resolved: its stages say objective and rate.
    """
    found: dict[str, Any] = {}
    for place, stage in enumerate(plan.stages):
        found |= {f"stages.{place}.{key}": values for key, values in _of_stage(stage).items()}
    return Space({key: Dimension.model_validate(values) for key, values in found.items()})


def _of_stage(stage: Stage) -> dict[str, Any]:
    if not stage.epochs:
        return {}
    found: dict[str, Any] = {"epochs": [times * stage.epochs for times in PASSES]}
    if stage.learning_rate:
        found["learning_rate"] = _around(stage.learning_rate)
    if stage.objective is not None and stage.objective.head:
        found["head_learning_rate"] = _around(stage.head_learning_rate)
    for name, part, known in (
        ("method", stage.method, OF_METHOD),
        ("objective", stage.objective, OF_OBJECTIVE),
    ):
        settings = type(part).model_fields if part is not None else {}
        found |= {f"{name}.{key}": values for key, values in known.items() if key in settings}
    return found


def _around(rate: float) -> dict[str, Any]:
    return {"low": rate / APART, "high": rate * APART, "log": True}
