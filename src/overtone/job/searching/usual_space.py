"""The space that is searched where a plan names none: a few settings that matter most, around the plan's own."""

from collections.abc import Mapping
from typing import Any

from overtone.plan import Plan
from overtone.search.settings import Dimension
from overtone.search.space import Space

APART = 4.0  # how far a rate may lie from its own value, in both directions
PASSES = (0.5, 1, 2)  # times the epochs
OF_METHOD: Mapping[str, Any] = {"rank": [4, 8, 16, 32]}
OF_OBJECTIVE: Mapping[str, Any] = {"beta": {"low": 0.03, "high": 0.5, "log": True}}


def usual_space(plan: Plan) -> Space:
    """Epochs, the rates of body and head, and of method and objective the settings in the tables above they have.

    `plan` is resolved: its stage says the objective and the rate.
    """
    stage = plan.stages[0]
    found: dict[str, Any] = {"stages.0.epochs": [times * stage.epochs for times in PASSES]}
    if stage.learning_rate:
        found["stages.0.learning_rate"] = _around(stage.learning_rate)
    if stage.objective is not None and stage.objective.head:
        found["stages.0.head_learning_rate"] = _around(stage.head_learning_rate)
    for name, part, known in (
        ("method", stage.method, OF_METHOD),
        ("objective", stage.objective, OF_OBJECTIVE),
    ):
        settings = type(part).model_fields if part is not None else {}
        found |= {f"stages.0.{name}.{key}": values for key, values in known.items() if key in settings}
    return Space({key: Dimension.model_validate(values) for key, values in found.items()})


def _around(rate: float) -> dict[str, Any]:
    return {"low": rate / APART, "high": rate * APART, "log": True}
