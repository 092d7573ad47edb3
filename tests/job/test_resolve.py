"""A plan with every default written out: what a person has set stays, whatever it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.job.resolve import resolve
from overtone.models.describe import describe
from overtone.plan import check_plan

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize(
    ("stage", "rate"),
    [
        ({"method": "full"}, 1e-4),
        ({"method": "full", "learning_rate": 0}, 0.0),
        ({"method": "full", "learning_rate": 3e-5}, 3e-5),
        ({"method": "head"}, None),
    ],
)
def test_a_rate_is_the_method_s_usual_one_only_where_none_is_given(
    small_base: SmallBase, stage: dict[str, object], rate: float | None
) -> None:
    base = str(small_base("bert"))
    plan = check_plan({"task": "classify", "base": base, "data": "rows.csv", "stages": [stage]}, "the plan")
    assert resolve(plan, describe(base)).stages[0].learning_rate == rate
