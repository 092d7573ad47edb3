"""The plans that the preferences' benchmark runs are sound: objectives, bases and rivals fit."""

import pytest

from benchmarks.preferences import OBJECTIVES, RECIPES, TUNED, UNTUNED
from benchmarks.recipe import Recipe


@pytest.mark.parametrize("name", RECIPES)
def test_the_untuned_systems_fit_the_task(name, tmp_path):
    recipe = Recipe(name, (f"decide.rivals=[{','.join(UNTUNED)}]",), tmp_path)
    assert sorted(rival.name for rival in recipe.plan.decide.rivals) == sorted(UNTUNED)


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective_resolves(name, objective, tmp_path):
    plan = Recipe(name, (*OBJECTIVES[objective], f"decide.rivals=[{TUNED}]"), tmp_path).plan
    assert plan.stages[0].objective.name == objective.split(",")[0]
    assert plan.base == ("builtin:minilm" if "encoder" in objective else "builtin:tiny")
