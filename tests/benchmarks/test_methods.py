"""Methods compared: their plans are sound, differences are paired, and what nobody trained is left empty."""

import numpy as np
import pytest

from benchmarks.methods import METHODS, _gap, _score, run_name, stage_settings
from benchmarks.recipe import make_recipe
from overtone import api
from overtone.methods.method import Method


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_applied_to_the_plan(method, tmp_path):
    recipe = make_recipe("sst2", tmp_path)
    (stage,) = api.load_plan(recipe.path, stage_settings(method)).stages
    wanted = METHODS[method]
    assert stage.method == Method.model_validate(wanted["method"])
    assert stage.precision == wanted.get("precision", "float32")


def test_no_two_methods_share_a_folder(tmp_path):
    recipe = make_recipe("sst2", tmp_path)
    assert len({run_name(recipe, method, 0) for method in METHODS}) == len(METHODS)


def test_every_registered_method_but_those_that_build_on_others_is_compared():
    compared = {Method.model_validate(settings["method"]).name for settings in METHODS.values()}
    assert compared == {name for name, part in Method.all().items() if "adapters" not in part.places}


def test_differences_are_paired():
    right = np.array([1.0, 1.0, 0.0, 1.0] * 25)
    better = np.where(np.arange(100) == 2, 1.0, right)
    share, rows, gap, empty = _score(better, [right]).split(" | ")
    assert share.startswith("76.0% [") and rows == "100" and empty == ""
    assert gap.startswith("+1.0 [+0.0, ")  # one row of a hundred, however the others vary
    assert _gap(right - right).startswith("+0.0 [-")
