"""A recipe for measuring: some rows of each file, and the answers of a run."""

import json
from pathlib import Path

import pytest

from benchmarks.recipe import RECIPES, make_recipe
from overtone.api import load_plan


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
    (tmp_path / "answers").mkdir()
    lines = [{"probabilities": {"yes": 0.9, "no": 0.1}}, {"error": "the text is too long"}]
    text = "\n".join(map(json.dumps, lines)) + "\n"
    (tmp_path / "answers" / "tuned.jsonl").write_text(text, encoding="utf-8")
    found = make_recipe("banking77", tmp_path).answers(tmp_path, "tuned")
    assert found[0].probabilities == pytest.approx({"yes": 0.9, "no": 0.1})
    assert found[1].error == "the text is too long"
