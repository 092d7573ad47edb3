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
    assert data.account.files[0].set_aside == SET_ASIDE.get(path.stem, 0)
    assert len(data.documents) == DOCUMENTS.get(path.stem, 0)
    assert sum(len(row.references) for row in data.test) == REFERENCES.get(path.stem, 0)


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
        ("builtin:minilm", "generate"),
        ("builtin:minilm", "tag"),
        ("builtin:minilm", "extract"),
        ("builtin:minilm", "embed"),
        ("builtin:tiny", "generate"),
        ("builtin:tiny", "prefer"),
        ("builtin:tiny", "score"),
    }
    if plan.base == "builtin:minilm" and plan.task.asks == "generate":  # an encoder cannot be tuned to write
        assert plan.decide.rivals and not any(rival.tuned for rival in plan.decide.rivals)


CLASSES = {
    **dict.fromkeys(("banking77", "banking77_10shot", "banking77_5shot"), 77),
    **dict.fromkeys(("clinc150", "clinc150_10shot", "clinc150_5shot"), 151),
    **dict.fromkeys(("sst2", "sst2_trec_banking77"), 2),
    "trec": 6,
    "xlmt_sentiment": 3,
    "pubmedqa": 3,
    "mts_dialog_sections": 20,
}
SET_ASIDE = {
    "clinc150_5shot": 14345,
    "clinc150_10shot": 13590,
    "e2e_nlg": 37261,
    "gsm8k": 4973,
    "xlmt_sentiment": 12873,
}  # rows
DOCUMENTS = {
    **dict.fromkeys(("covidqa", "covidqa_passages"), 98),
    **dict.fromkeys(("squadshifts_wiki", "squadshifts_wiki_spans"), 1581),
}
REFERENCES = {  # of the test rows, beside the wanted answers
    "e2e_nlg": 4063,
    "covidqa_passages": 259,
    **dict.fromkeys(("squadshifts_wiki", "squadshifts_wiki_spans"), 907),
}
