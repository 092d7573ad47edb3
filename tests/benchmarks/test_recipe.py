"""A recipe for measuring: some rows of each file, and the answers of a run."""

from pathlib import Path

import pytest

from benchmarks.recipe import RECIPES, make_recipe
from overtone.api import load_plan
from overtone.core.answer import Answer
from overtone.decide.measured import Measured, save_measured
from overtone.job.store import FolderStore


def drawn(recipe):
    """The lines of each file that a small recipe names instead of its own."""
    files = [override.split("=")[1] for override in recipe.overrides if override.startswith("data.")]
    return [Path(file).read_text(encoding="utf-8").splitlines() for file in files]


def test_a_small_recipe_draws_the_same_rows_of_every_file(tmp_path, shared_data):
    recipe = make_recipe("banking77", tmp_path, rows=20, epochs=0.5)
    assert recipe.overrides[0] == "stages.0.epochs=0.5"
    rows = drawn(recipe)
    assert rows
    assert all(len(lines) == len(set(lines)) == 20 for lines in rows)
    assert rows == drawn(make_recipe("banking77", tmp_path / "again", rows=20))
    source = RECIPES / load_plan(RECIPES / "banking77.yaml").data.train
    assert set(rows[0]) <= set(source.read_text(encoding="utf-8").splitlines())


def test_a_whole_recipe_overrides_nothing(tmp_path):
    recipe = make_recipe("banking77", tmp_path)
    assert recipe.overrides == ()
    assert recipe.path.is_file()


def test_answers_of_a_run_come_back_with_their_errors(tmp_path):
    answers = (Answer(probabilities={"yes": 0.9, "no": 0.1}), Answer(error="the text is too long"))
    measured = Measured("tuned", "tuned", "fine_tune", True, ("a", "b"), answers, 1.0, 1.0, 1.0)
    save_measured(measured, FolderStore(tmp_path))
    found = make_recipe("banking77", tmp_path).answers(tmp_path, "tuned")
    assert found[0].probabilities == pytest.approx({"yes": 0.9, "no": 0.1})
    assert found[1].error == "the text is too long"
