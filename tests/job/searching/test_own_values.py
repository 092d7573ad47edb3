"""A search begins with the plan as it is."""

import pytest

from overtone import api
from overtone.job.searching.own_values import own_values
from overtone.plan import read_plan
from overtone.search.settings import Dimension
from overtone.search.space import Space
from tests.job.searching.conftest import STAGE, write_search

RATE = {"low": 1e-5, "high": 1e-2, "log": True}


@pytest.mark.parametrize(
    ("space", "own"),
    [
        (
            {"stages.0.method": ["lora", "full"], "stages.0.learning_rate": RATE},
            {"stages.0.method": "full", "stages.0.learning_rate": 1e-4},
        ),
        ({"stages.0.method": ["lora", {"name": "full"}]}, {"stages.0.method": {"name": "full"}}),
        (
            {
                "stages.0.method": ["lora", "full"],
                "stages.0.method.rank": {"choices": [4, 8], "when": {"stages.0.method": "lora"}},
            },
            {"stages.0.method": "full"},
        ),
        ({"stages.0.epochs": [3, 4]}, None),
        ({"stages.0.epochs": {"low": 1, "high": 4}}, {"stages.0.epochs": 1}),
        ({"stages.0.method": [{"name": "lora", "rank": 0}, "full"]}, {"stages.0.method": "full"}),
        ({"stages.0.learning_rate": {"low": 1e-3, "high": 1e-2}}, None),
    ],
)
def test_what_the_plan_has_of_each_setting(small_base, tmp_path, space, own):
    plan = read_plan(write_search(tmp_path, small_base("bert"), STAGE, space=space))
    dimensions = {key: Dimension.model_validate(one) for key, one in space.items()}
    assert own_values(plan, Space(dimensions)) == own


def test_the_first_trial_is_the_plan_as_it_is(small_base, tmp_path):
    space = {"stages.0.learning_rate": RATE, "stages.0.epochs": [1, 2]}
    plan = write_search(tmp_path, small_base("bert"), STAGE, space=space, trials=2, sampler="tpe")
    result = api.search(plan, runs=tmp_path / "runs")
    first, second = result.contents["trials"]
    assert first["values"] == {"stages.0.learning_rate": pytest.approx(1e-4), "stages.0.epochs": 1}
    assert second["values"] != first["values"]
    assert first["measures"]["accuracy"] == result.contents["final"]["plan"]["validation"]["value"]


def test_a_number_between_whole_ones_is_no_point_of_a_whole_range(small_base, tmp_path):
    space = {"stages.0.epochs": {"low": 1, "high": 4}}
    plan = read_plan(write_search(tmp_path, small_base("bert"), {**STAGE, "epochs": 1.5}, space=space))
    dimensions = {key: Dimension.model_validate(one) for key, one in space.items()}
    assert own_values(plan, Space(dimensions)) is None
