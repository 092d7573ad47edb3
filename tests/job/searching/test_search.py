"""A whole search: trials on validation rows, the best on test rows, a plan ready to run; slips; one extraction."""

import json
import shutil

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.data.load import load_data
from overtone.engine import learner
from overtone.engine.remember import open_store, remembering
from overtone.job.searching import trial as trial_module
from overtone.job.searching.begin import begin
from overtone.job.searching.usual_space import usual_space
from overtone.job.searching.values import check_space, with_values
from overtone.job.searching.work import work
from overtone.plan import read_plan
from overtone.search.queue import lay_out
from overtone.search.settings import Dimension
from overtone.search.space import Space
from overtone.search.storage import address_of
from tests.job.searching.conftest import STAGE, write_search


def test_the_best_trial_is_proven_on_test_rows_beside_the_plan_itself(searched):
    _, result, _ = searched
    contents = json.loads((result.folder / "search.json").read_text())
    trials = contents["trials"]
    assert [one["state"] for one in trials] == ["finished"] * 3
    best = max(trials, key=lambda one: (one["measures"]["accuracy"], -one["number"]))
    assert contents["best"]["trial"] == best["number"] and contents["best"]["values"] == best["values"]
    final = contents["final"]
    assert final["best"]["validation"]["value"] == best["measures"]["accuracy"]
    assert (
        final["best"]["validation"]["n"] == 6 and final["best"]["test"]["n"] == 16
    )  # two leaked rows are out
    difference = final["best"]["test"]["value"] - final["plan"]["test"]["value"]
    assert final["gain"]["difference"] == pytest.approx(difference)
    assert final["optimism"]["value"] == pytest.approx(
        final["best"]["validation"]["value"] - final["best"]["test"]["value"]
    )
    assert set(best["measures"]) >= {"accuracy", "seconds_per_answer", "peak_memory_mb", "training_seconds"}


def test_the_page_and_the_sections_tell_it(searched):
    _, result, _ = searched
    page = (result.folder / "search.html").read_text()
    assert "What the search found" in page and "Settings side by side" in page and "Optimism" in page
    assert [section.name for section in result.found.sections] == ["found", "trials"]


def test_the_winning_plan_is_ready_to_run(searched):
    plan, result, _ = searched
    path = result.folder / "search" / "best.yaml"
    best, before = read_plan(path), read_plan(plan)
    values = result.contents["best"]["values"]
    assert best.stages[0].learning_rate == values["stages.0.learning_rate"]
    assert best.stages[0].method.name == values["stages.0.method"]
    assert best.name == "sort-best" and best.search.space is None
    data = load_data(best.data, best.task, best.seed, path.parent)
    assert data.train == load_data(before.data, before.task, before.seed, plan.parent).train


def test_trials_never_see_a_test_row(searched, small_base, tmp_path, monkeypatch):
    plan = write_search(tmp_path, small_base("bert"), trials=1)
    checked = read_plan(plan)
    test = {row.id for row in load_data(checked.data, checked.task, checked.seed, tmp_path).test}
    seen = set()
    measure = trial_module.measure

    def watched(rival, materials, rows, alone=True):
        seen.update(row.id for row in (*materials.train, *materials.validation, *rows))
        return measure(rival, materials, rows, alone)

    monkeypatch.setattr(trial_module, "measure", watched)
    search = begin(checked, tmp_path, tmp_path, address_of(tmp_path), 1)
    lay_out(search.study, 1)
    work(search, "here", 1.0, lambda: 0.0)
    train_too = {row.id for row in search.rows.train}
    assert seen and not (seen & test) - train_too  # what leaked into train stands there too


def test_only_the_best_model_is_kept(searched):
    _, result, _ = searched
    kept = [path.name for path in (result.folder / "search" / "trials").iterdir()]
    assert kept == [f"{result.contents['best']['trial']:04d}"]


def test_the_same_call_again_trains_nothing_and_more_trials_go_on(searched, tmp_path):
    plan, result, _ = searched
    folder = tmp_path / "again"
    shutil.copytree(plan.parent, folder)
    events = []
    again = api.search(folder / "sort.yaml", watch=events.append, runs=folder / "runs")
    assert again.contents == result.contents
    assert not [event for event in events if event.phase.startswith("trial")]
    more = api.search(folder / "sort.yaml", trials=4, runs=folder / "runs")
    assert more.contents["trials"][:3] == result.contents["trials"] and len(more.contents["trials"]) == 4


def test_a_search_of_another_plan_is_refused_and_a_run_may_share_the_folder(searched):
    plan, result, _ = searched
    with pytest.raises(UserError, match=r"begun with a different plan:\n  stages\[0\].epochs: 1.0, now 2"):
        api.search(plan, overrides=["stages.0.epochs=2"], runs=result.folder.parent)
    from overtone.runs.start import _refuse_foreign

    _refuse_foreign(result.folder)


@pytest.mark.parametrize(
    ("space", "sentence"),
    [
        (
            {"stages.0.learnin_rate": [1e-3]},
            r"search.space, stages\[0\]: unknown setting 'learnin_rate'. Did you mean",
        ),
        ({"stage.0.epochs": [1]}, r"search.space: the plan has no 'stage'. Did you mean 'stages'"),
        (
            {"stages.0.method": ["full", "lroa"]},
            r"no method is called 'lroa'. Did you mean 'lora'\?.*tried .*lroa",
        ),
        (
            {"stages.0.epochs": {"low": -1, "high": 2}},
            r"stages\[0\].epochs: should be greater than or equal to 0, not -1",
        ),
        (
            {"stages.0.method": ["lora", "full"], "stages.0.method.rank": [2]},
            r"unknown setting 'rank'.*tried stages.0.method: full, stages.0.method.rank: 2",
        ),
        ({"data.validation_share": [0.2]}, "cannot be searched, for it decides which rows are judged"),
        ({"seed": [1, 2]}, "cannot be searched, for it decides which rows"),
        ({"task.bar": [0.5]}, "does not change what a trial trains"),
    ],
)
def test_a_space_that_does_not_fit_is_refused_before_anything_starts(small_base, tmp_path, space, sentence):
    plan = write_search(tmp_path, small_base("bert"), space=space)
    with pytest.raises(UserError, match=sentence):
        api.search(plan, runs=tmp_path / "runs")
    assert not (tmp_path / "runs" / "sort").exists()


def test_a_storage_that_cannot_be_reached_is_told_without_its_password(small_base, tmp_path):
    plan = write_search(tmp_path, small_base("bert"))
    with pytest.raises(UserError) as told:
        api.search(plan, storage="nosuch://me:secret@host/name", runs=tmp_path / "runs")
    assert "--storage nosuch://me@host/name is no address" in str(told.value)
    assert not (tmp_path / "runs" / "sort").exists()


def test_a_search_of_heads_extracts_features_once(small_base, tmp_path, monkeypatch):
    monkeypatch.setenv("OVERTONE_CACHE", str(tmp_path / "cache"))
    space = {"stages.0.head_learning_rate": {"low": 1e-3, "high": 1e-1, "log": True}}
    plan = write_search(tmp_path, small_base("bert"), {**STAGE, "method": "head"}, space=space, trials=3)
    checked = read_plan(plan)
    search = begin(checked, tmp_path, tmp_path, address_of(tmp_path), 3)
    lay_out(search.study, 3)
    monkeypatch.setattr(
        learner, "pooled", lambda *_: pytest.fail("the body was run outside of the extraction")
    )
    texts = {row.text for row in (*search.rows.train, *search.rows.validation)}
    with remembering(open_store()) as store:
        work(search, "here", 1.0, lambda: 0.0)
        assert store.account.computed == len(texts) == 72
    assert [one.state for one in search.outcomes] == ["finished"] * 3


def test_a_trial_that_fails_does_not_end_the_search(small_base, tmp_path):
    space = {"stages.0.learning_rate": ["1e-3", 1e30]}
    plan = write_search(tmp_path, small_base("bert"), space=space, sampler="grid", trials=None)
    events = []
    result = api.search(plan, watch=events.append, runs=tmp_path / "runs")
    states = {one["values"]["stages.0.learning_rate"]: one for one in result.contents["trials"]}
    assert states[1e-3]["state"] == "finished"
    assert states[1e30]["state"] == "failed" and "training stopped before step" in states[1e30]["reason"]
    assert any("failed: RunFailed" in event.message for event in events)


def test_trials_may_end_early(small_base, tmp_path):
    stage = {**STAGE, "epochs": 2, "objective": {"name": "classify", "head_start": "random"}}
    space = {"stages.0.learning_rate": {"low": 1e-5, "high": 1e-2, "log": True}}
    plan = write_search(tmp_path, small_base("bert"), stage, space=space, trials=4, pruner="asha")
    checked = read_plan(plan)
    search = begin(checked, tmp_path, tmp_path, address_of(tmp_path), 4)
    lay_out(search.study, 4)
    work(search, "here", 1.0, lambda: 0.0)
    outcomes = search.outcomes
    best = float("-inf")
    for one in outcomes:  # of so few, only one better than all before it goes on
        assert one.state == ("finished" if one.validations[0] >= best else "pruned")
        best = max(best, one.validations[0])
    assert {one.state for one in outcomes} == {"finished", "pruned"}


def test_the_usual_space_goes_by_method_and_objective(small_base, tmp_path):
    plan = read_plan(write_search(tmp_path, small_base("bert"), {**STAGE, "method": "lora"}))
    found = usual_space(with_values(plan, {}))
    assert list(found.dimensions) == [
        "stages.0.epochs",
        "stages.0.learning_rate",
        "stages.0.head_learning_rate",
        "stages.0.method.rank",
    ]
    check_space(plan, found)
    head = read_plan(write_search(tmp_path, small_base("bert"), {**STAGE, "method": "head"}))
    assert "stages.0.learning_rate" not in usual_space(with_values(head, {})).dimensions


def test_the_usual_space_has_the_settings_of_every_stage(small_base, tmp_path):
    plan = with_values(read_plan(write_search(tmp_path, small_base("bert"), {**STAGE, "method": "lora"})), {})
    head, still = (plan.stages[0].model_copy(update=one) for one in ({"learning_rate": None}, {"epochs": 0}))
    found = usual_space(plan.model_copy(update={"stages": [head, still, *plan.stages]})).dimensions
    assert [key for key in found if key.endswith("learning_rate")] == [
        "stages.0.head_learning_rate",
        "stages.2.learning_rate",
        "stages.2.head_learning_rate",
    ]
    assert not any(key.startswith("stages.1.") for key in found)


def test_a_part_with_settings_may_be_a_choice(small_base, tmp_path):
    plan = read_plan(write_search(tmp_path, small_base("bert")))
    space = Space({"stages.0.method": Dimension.model_validate(["full", {"name": "lora", "rank": 3}])})
    check_space(plan, space)
    assert with_values(plan, {"stages.0.method": {"name": "lora", "rank": 3}}).stages[0].method.rank == 3
