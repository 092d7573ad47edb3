"""Spaces: conditions, grids, and what is refused in words."""

import pytest

from overtone.core.errors import UserError
from overtone.plan import check_plan
from overtone.search.settings import Dimension
from overtone.search.space import Space, grid_size, holds, steps


def space(**dimensions):
    return Space({key: Dimension.model_validate(value) for key, value in dimensions.items()})


CONDITIONAL = space(
    rank={"choices": [4, 8], "when": {"method": "lora"}},
    method=["full", "lora"],
    rate={"low": 1e-4, "high": 1e-2, "log": True},
)


def test_a_setting_stands_behind_what_it_depends_on():
    assert CONDITIONAL.order == ("method", "rank", "rate")


def test_a_grid_has_every_combination_once_and_no_value_that_does_not_apply():
    points = CONDITIONAL.grid(seed=3)
    assert len(points) == 3 + 2 * 3
    assert all(("rank" in point) == (point["method"] == "lora") for point in points)
    assert len({tuple(sorted(point.items())) for point in points}) == len(points)
    assert grid_size(CONDITIONAL) == 12
    assert CONDITIONAL.grid(3) == points != CONDITIONAL.grid(4)


def test_points_of_a_range_are_even_and_keep_its_ends():
    assert steps(Dimension.model_validate({"low": 1, "high": 9})) == [1, 5, 9]
    assert steps(Dimension.model_validate({"low": 1, "high": 2})) == [1, 2]
    logarithmic = steps(Dimension.model_validate({"low": 1e-4, "high": 1e-2, "log": True}))
    assert logarithmic == pytest.approx([1e-4, 1e-3, 1e-2]) and logarithmic[-1] == 1e-2


def test_a_condition_holds_for_one_value_or_any_of_a_list():
    several = Dimension.model_validate({"choices": [1], "when": {"method": ["lora", "prefix"]}})
    assert holds(several, {"method": "prefix"}) and not holds(several, {"method": "full"})
    assert not holds(several, {})


def test_samples_reach_every_choice_and_both_ends_with_what_they_need():
    samples = list(CONDITIONAL.samples())
    assert {sample["rate"] for sample in samples} == {1e-4, 1e-2}
    assert {sample.get("rank") for sample in samples} == {None, 4, 8}
    assert all(sample["method"] == "lora" for sample in samples if "rank" in sample)


def test_a_circle_is_refused():
    circle = space(a={"choices": [1], "when": {"b": 1}}, b={"choices": [1], "when": {"a": 1}})
    with pytest.raises(UserError, match="depend on each other in a circle: a, b"):
        _ = circle.order


REFUSED = [
    ({"space": {}}, "the space is empty"),
    ({"space": {"seed": {"low": 1}}}, "give either a list of values, or a range"),
    ({"space": {"seed": {"low": 2, "high": 1}}}, "low must be the smaller"),
    ({"space": {"seed": {"low": 0, "high": 1, "log": True}}}, "must begin above 0"),
    ({"space": {"a": {"choices": [1], "when": {"mehtod": 1}}, "method": [1]}}, "Did you mean 'method'"),
    ({"objectives": ["accuracy", "seconds_per_answer"], "pruner": "asha"}, "asha compares one number"),
    ({"sampler": "bayes"}, "should be 'tpe', 'random' or 'grid'"),
]


@pytest.mark.parametrize(("settings", "sentence"), REFUSED)
def test_what_is_refused_is_told(settings, sentence):
    plan = {"task": "classify", "base": "builtin:minilm", "data": "rows.csv", "search": settings}
    with pytest.raises(UserError) as told:
        check_plan(plan, "plan.yaml")
    assert sentence in str(told.value) and "plan.yaml, search" in str(told.value)
