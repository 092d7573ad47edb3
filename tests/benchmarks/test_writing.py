"""Methods that write: their plans are sound, and a score counts each test row once however many seeds answered it."""

import pytest

from benchmarks.writing import CHOSEN, DEMO, _recipe
from benchmarks.written import less, scored
from overtone.core.answer import Answer
from overtone.models.describe import describe


@pytest.mark.parametrize("method", CHOSEN)
def test_every_method_is_one_of_the_methods_benchmark(method):
    from benchmarks.methods import METHODS

    assert method in METHODS


def test_the_demo_is_written_beside_its_runs_and_scored_by_row(tmp_path):
    recipe = _recipe(DEMO, tmp_path, quick=True, epochs=None)
    assert recipe.plan.stages[0].learning_rate is not None
    assert (tmp_path / "demo" / "answer" / "test.jsonl").is_file()
    right = [Answer(text=row.completion) for row in recipe.data.test]
    wrong = [Answer(text="") for _ in right]
    rows = len(recipe.data.test) - len(recipe.data.leaked)
    once, twice = (scored(recipe, [right] * seeds).split(" | ") for seeds in (1, 2))
    assert once[0] == twice[0] == "100.0" and once[2] == twice[2] == str(rows)
    lows = [float(one[1].split(" to ")[0]) for one in (once, twice)]
    assert lows[0] == pytest.approx(lows[1], abs=0.2)  # rows that are answered twice are no more evidence
    assert scored(recipe, [right, wrong]).startswith("50.0 | ")
    assert less(recipe, [right, wrong], [wrong, wrong]).startswith("+50.0 [")
    assert less(recipe, [right, right], [right, wrong]).startswith("+50.0 [")


def test_other_epochs_and_the_usual_rate_take_the_place_of_the_plans(tmp_path):
    recipe = _recipe(DEMO, tmp_path, quick=False, epochs=7.0)
    (stage,) = recipe.plan.stages
    assert stage.epochs == 7 and stage.learning_rate == stage.method.usual_rate(
        "decoder", describe(recipe.plan.base).hidden
    )
