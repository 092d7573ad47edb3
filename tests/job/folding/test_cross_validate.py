"""Cross-validation: every row judged by a model that did not see it, resumable, nested."""

import json

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.job.folding import fold as fold_module
from tests.job.plans import WORDS, save_plan, write_csv
from tests.job.plans import rows as texts

STAGE = {"method": "head", "epochs": 2, "batch_rows": 16, "head_learning_rate": 0.05}


def write_plan(folder, base, rivals=("majority", "tfidf", "fine_tune"), **changes):
    """A plan over 36 rows in twelve groups, and nine rows in a test file."""
    folder.mkdir(parents=True, exist_ok=True)
    grouped = [{**row, "person": f"p{number // 3}"} for number, row in enumerate(texts(36))]
    write_csv(folder / "train.csv", grouped)
    write_csv(folder / "test.csv", [{**row, "person": "q"} for row in texts(9, first=100)])
    plan = {
        "task": "classify",
        "base": str(base),
        "data": {"train": "train.csv", "test": "test.csv", "group": "person"},
        "stages": [STAGE],
        "decide": {"rivals": list(rivals)},
        "search": {"space": {"stages.0.epochs": [1, 3]}, "sampler": "grid"},
        **changes,
    }
    return save_plan(folder / "folds.yaml", plan)


@pytest.fixture(scope="module")
def crossed(small_base, tmp_path_factory):
    """Three folds of all three rivals, with the rows that each fold had."""
    folder = tmp_path_factory.mktemp("crossed")
    seen = []
    measure = fold_module.measure_all

    def watched(rivals, materials, test, store, finished, alone=True):
        seen.append((materials.train, materials.validation, test))
        return measure(rivals, materials, test, store, finished, alone)

    patch = pytest.MonkeyPatch()
    patch.setattr(fold_module, "measure_all", watched)
    result = api.cross_validate(write_plan(folder, small_base("bert")), folds=3, runs=folder / "runs")
    patch.undo()
    return folder, result, seen


def test_every_row_is_judged_once_by_a_fold_that_did_not_see_it(crossed):
    _, result, seen = crossed
    judged = [row.id for _, _, test in seen for row in test]
    assert len(judged) == len(set(judged)) == 36
    for train, validation, test in seen:
        learned = {row.group for row in (*train, *validation)}
        assert not learned & {row.group for row in test}
        assert not {row.group for row in train} & {row.group for row in validation}
    assert all(row.group != "q" for part in seen for rows in part for row in rows)
    assert {one["scores"]["accuracy"]["n"] for one in result.contents["systems"]} == {36}


def test_scores_spread_and_differences_are_told(crossed):
    folder, result, _ = crossed
    systems = {one["key"]: one for one in result.contents["systems"]}
    assert set(systems) == {"majority", "tfidf", "fine_tune"}
    assert systems["majority"]["scores"]["accuracy"]["value"] <= 1 / 3 + 0.01
    best = result.contents["systems"][0]
    assert (
        best["key"] == "tfidf" and best["against_best"] is None and best["scores"]["accuracy"]["value"] == 1.0
    )
    assert systems["majority"]["against_best"]["difference"] < 0
    for one in systems.values():
        assert len(one["folds"]) == 3 and one["mean"] == pytest.approx(sum(one["folds"]) / 3)
    (section,) = result.found.sections
    assert "The 9 rows of data.test took no part" in section.sentences[-1]
    assert "Intervals are 95 % over 12 groups;" in section.tables[0].note
    assert "Cross-validation in 3 folds" in (folder / "runs" / "folds" / "cross_validation.html").read_text()
    assert json.loads((result.folder / "cross_validation.json").read_text()) == json.loads(
        json.dumps(result.contents)
    )


def test_an_interrupted_one_goes_on_with_the_fold_that_is_missing(crossed, small_base, tmp_path, monkeypatch):
    plan = write_plan(tmp_path, small_base("bert"), rivals=["majority", "tfidf"])
    measured = []
    measure = fold_module.measure_fold

    def failing(folding, number, fold):
        if number == 2 and not measured:
            raise KeyboardInterrupt
        return measure(folding, number, fold)

    from overtone.job.folding import main

    monkeypatch.setattr(main, "measure_fold", failing)
    with pytest.raises(KeyboardInterrupt):
        api.cross_validate(plan, folds=3, runs=tmp_path / "runs")
    measured.append("again")
    events = []
    result = api.cross_validate(plan, folds=3, watch=events.append, runs=tmp_path / "runs")
    assert {event.phase.split(":")[0] for event in events if event.phase.startswith("fold")} == {"fold 3"}
    whole = {one["key"]: one["scores"] for one in crossed[1].contents["systems"]}
    assert all(one["scores"] == whole[one["key"]] for one in result.contents["systems"])


def test_another_number_of_folds_in_the_same_place_is_refused(crossed):
    folder, _, _ = crossed
    with pytest.raises(UserError, match=r"begun with a different plan:\n  folds: 3, now 4"):
        api.cross_validate(folder / "folds.yaml", folds=4, runs=folder / "runs")


def test_nested_searches_inside_each_fold(small_base, tmp_path):
    plan = write_plan(tmp_path, small_base("bert"), rivals=["fine_tune"])
    result = api.cross_validate(plan, folds=2, nested=True, runs=tmp_path / "runs")
    systems = {one["key"]: one for one in result.contents["systems"]}
    assert set(systems) == {"fine_tune", "searched"}
    folder = result.folder / "cross_validation"
    assert all((folder / f"fold-{number}" / "search" / "trials.db").exists() for number in (0, 1))
    assert any("searched inside each fold" in sentence for sentence in result.found.sections[0].sentences)


def test_classes_of_all_words_are_known(crossed):
    _, _, seen = crossed
    assert {row.labels[0] for train, _, _ in seen for row in train} == set(WORDS)


def test_languages_that_are_only_judged_are_not_learned_from_in_folds(small_base, tmp_path):
    plan = write_plan(tmp_path, small_base("bert"), rivals=["majority"])
    write_csv(
        tmp_path / "both.csv",
        [{**row, "person": "two" * (number % 2)} for number, row in enumerate(texts(36))],
    )
    data = '{"train": "both.csv", "languages": {"column": "person", "train": ["two"], "test": ["two", ""]}}'
    with pytest.raises(UserError, match=r"data\.languages"):
        api.cross_validate(plan, 3, overrides=[f"data={data}"], runs=tmp_path / "runs")
