"""A search whose trials are judged in folds of all rows but those for testing."""

import json

import pytest

from overtone import api
from overtone.core.errors import UserError
from overtone.job.searching import final as final_module
from overtone.job.searching import trial as trial_module
from overtone.job.searching.begin import begin
from overtone.job.searching.work import work
from overtone.plan import read_plan
from overtone.search.queue import lay_out
from overtone.search.storage import address_of
from tests.job.searching.conftest import STAGE, write_search

SPACE = {"stages.0.learning_rate": [1e-3, 1e-2]}


def search_of(small_base, tmp_path, stage=STAGE, **settings):
    plan = write_search(
        tmp_path, small_base("bert"), stage, space=SPACE, trials=2, sampler="grid", **settings
    )
    search = begin(read_plan(plan), tmp_path, tmp_path, address_of(tmp_path), 2)
    lay_out(search.study, 2, [])
    return search


def test_each_row_is_judged_once_by_what_the_others_teach(small_base, tmp_path, monkeypatch):
    turns = []
    measure = trial_module.measure

    def watched(rival, materials, rows, alone=True):
        turns.append(({row.id for row in materials.train}, [row.id for row in rows]))
        return measure(rival, materials, rows, alone)

    monkeypatch.setattr(trial_module, "measure", watched)
    search = search_of(small_base, tmp_path, folds=3, pruner="none")
    work(search, "here", 1.0, lambda: 0.0)
    every = sorted(row.id for row in (*search.rows.train, *search.rows.validation))
    assert len(turns) == 6
    for trial in (turns[:3], turns[3:]):
        assert sorted(name for _, judged in trial for name in judged) == every
        assert all(learned == set(every) - set(judged) for learned, judged in trial)
    assert {one.score.n for one in search.outcomes} == {len(every)}
    assert not list((tmp_path / "trials").glob("*")), "models of folds are not kept"


def test_a_bad_trial_ends_after_a_fold(small_base, tmp_path, monkeypatch):
    values = iter([0.9, 0.9, 0.1, 0.1])
    score = trial_module._score
    monkeypatch.setattr(
        trial_module,
        "_score",
        lambda *given: type(found := score(*given))(next(values), found.low, found.high, found.n),
    )
    search = search_of(small_base, tmp_path, folds=2, pruner="asha")
    work(search, "here", 1.0, lambda: 0.0)
    assert [one.state for one in search.outcomes] == ["finished", "pruned"]
    assert [len(one.validations) for one in search.outcomes] == [1, 1]


def test_the_end_tells_the_folds_and_trains_on_all_rows(small_base, tmp_path, monkeypatch):
    plan = write_search(
        tmp_path, small_base("bert"), {**STAGE, "refit": True}, space=SPACE, trials=1, folds=2
    )
    result = api.search(plan, runs=tmp_path / "runs")
    final = json.loads((result.folder / "search.json").read_text())["final"]
    rows = read_plan(plan).data
    assert (
        final["best"]["validation"]["n"] == final["plan"]["validation"]["n"] > final["best"]["test"]["n"]
    ), rows
    assert "rows in 2 folds" in (result.folder / "search.html").read_text()
    for name in ("best", "plan"):
        card = next((result.folder / "search" / "final" / name).rglob("artifact.json"))
        assert json.loads(card.read_text())["rows"] == final["best"]["validation"]["n"]
    monkeypatch.setattr(
        final_module, "judge_trial", lambda *given: pytest.fail("what is known is judged again")
    )
    assert api.search(plan, runs=tmp_path / "runs").contents["final"] == json.loads(json.dumps(final))


def test_trials_do_not_learn_from_the_rows_that_judge_them(small_base, tmp_path):
    search = search_of(small_base, tmp_path, {**STAGE, "refit": True}, pruner="none")
    work(search, "here", 1.0, lambda: 0.0)
    card = next((tmp_path / "trials").rglob("artifact.json"))
    assert json.loads(card.read_text())["rows"] == len(search.rows.train)


def test_more_folds_than_rows_are_refused_before_anything_starts(small_base, tmp_path):
    plan = write_search(tmp_path, small_base("bert"), space=SPACE, trials=1, folds=500)
    with pytest.raises(UserError, match=r"folds 500: there are only \d+ different questions"):
        api.search(plan, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_refit_is_no_setting_to_search(small_base, tmp_path):
    plan = write_search(tmp_path, small_base("bert"), space={"stages.0.refit": [True, False]}, trials=1)
    with pytest.raises(
        UserError, match=r"'stages\.0\.refit' cannot be searched, for trials are scored on the rows"
    ):
        api.search(plan, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_refit_within_a_searched_stage_is_proven_with_it(small_base, tmp_path):
    """The values of the best trial decide how it is trained for the test rows, not the plan alone."""
    space = {"stages.0": [{**STAGE, "refit": True}]}
    plan = write_search(tmp_path, small_base("bert"), STAGE, space=space, trials=1, sampler="grid")
    result = api.search(plan, runs=tmp_path / "runs")
    rows = result.contents["final"]["best"]["validation"]["n"]
    card = next((result.folder / "search" / "final" / "best").rglob("artifact.json"))
    judged = next((result.folder / "search" / "trials").rglob("artifact.json"))
    learned = [json.loads(one.read_text())["rows"] for one in (card, judged)]
    assert learned[0] == learned[1] + rows


def test_a_trials_memory_is_the_peak_over_its_folds(small_base, tmp_path, monkeypatch):
    turns = []

    class Rising:
        """A peak only rises: the last reading holds for all turns."""

        def megabytes(self):
            return 100.0 * len(turns)

    measure = trial_module.measure
    monkeypatch.setattr(trial_module, "PeakMemory", Rising)
    monkeypatch.setattr(
        trial_module, "measure", lambda *given, **more: (turns.append(1), measure(*given, **more))[1]
    )
    search = search_of(small_base, tmp_path, folds=2, pruner="none")
    work(search, "here", 1.0, lambda: 0.0)
    assert [one.measures["peak_memory_mb"] for one in search.outcomes] == [200.0, 400.0]
