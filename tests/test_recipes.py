"""Every recipe: a checked plan of a few lines whose rows are recognised where they lie beside the project."""

from pathlib import Path

import pytest

from overtone.api import load_plan
from overtone.core.errors import UserError
from overtone.data.load import load_data

RECIPES = sorted((Path(__file__).parents[1] / "recipes").glob("*.yaml"))
pytestmark = pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)


def test_a_recipe_is_a_checked_plan_of_a_few_lines(path):
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# ") and len(lines) <= 7
    assert load_plan(path).stages[0].method.name


def test_its_rows_are_recognised(path, shared_data):
    plan = load_plan(path)
    data = load_data(plan.data, plan.task, plan.seed, path.parent)
    assert data.account.files and all(file.read for file in data.account.files)
    assert min(len(data.train), len(data.validation), len(data.test)) > 20
    assert len(data.labels) == CLASSES.get(path.stem, 0)


def test_absent_rows_are_refused_in_one_sentence(path, tmp_path):
    copy = tmp_path / "recipes" / path.name
    copy.parent.mkdir()
    copy.write_text(path.read_text())
    plan = load_plan(copy)
    with pytest.raises(UserError) as told:
        load_data(plan.data, plan.task, plan.seed, copy.parent)
    assert plan.data.train.split("/")[-1] in str(told.value)


def test_its_base_fits_its_task(path):
    plan = load_plan(path)
    assert (plan.base, plan.task.asks) in {
        ("builtin:minilm", "classify"),
        ("builtin:tiny", "generate"),
        ("builtin:tiny", "prefer"),
    }


CLASSES = {"banking77": 77, "banking77_10shot": 77, "sst2": 2, "trec": 6, "clinc150": 151}
