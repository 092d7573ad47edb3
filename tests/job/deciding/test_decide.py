"""`overtone decide`: the table and its reasons, killed anywhere, and a run that goes on from it."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from overtone import api
from overtone.core.event import Event
from overtone.decide import measure
from overtone.runs.open import open_run
from tests.job.plans import LORA, save_plan, write_answering, write_sorting

RIVALS = ["majority", "zero_shot", "tfidf", "fine_tune"]
MONEY = {"wrong_answer_cost": 4.0, "answers_per_month": 5000}
DECIDE = {
    "rivals": RIVALS,
    "machine_cost_per_hour": 0.5,
    "learning_curve": {"tuned": True, "shares": [0.25, 0.5]},
    "consistency": {"seeds": 2, "rewordings": 2},
}
STAGE = {**LORA, "epochs": 1}


class Killed(BaseException):
    """As Ctrl-C: no exception that a run may catch."""


@pytest.fixture(scope="module")
def write(small_base: Callable[[str], Path]) -> Callable[[Path], Path]:
    """Writes the same plan into a folder."""

    def plan(folder: Path) -> Path:
        task = {"name": "classify", "bar": 0.5, **MONEY}
        return write_sorting(folder, small_base("bert"), RIVALS, task=task, decide=DECIDE, stages=[STAGE])

    return plan


@pytest.fixture(scope="module")
def decided(write: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    folder = tmp_path_factory.mktemp("decided")
    return api.decide(write(folder), runs=folder / "runs")


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rivals whose measurement was finished, in order, as folder of the store and key."""
    kept: list[str] = []
    save = measure.save_measured
    monkeypatch.setattr(
        measure,
        "save_measured",
        lambda measured, store: (save(measured, store), kept.append(f"{store.folder.name} {measured.key}")),
    )
    return kept


def table(contents: dict) -> dict:
    """What of a report must not depend on how often it was interrupted: everything but times and memory."""
    sections = {one["name"]: one for one in contents["sections"]}
    return {
        "scores": {one["name"]: (one["scores"], one["comparisons"]) for one in contents["systems"]},
        "verdict": contents["verdict"],
        "curve": sections["learning_curve"],
        "consistency": sections["consistency"],
    }


def test_a_decision_is_kept_and_publishes_nothing(decided: api.Result) -> None:
    assert open_run(decided.folder).status == "decided"
    assert json.loads((decided.folder / "report.json").read_text()) == decided.contents
    assert not (decided.folder / "adapter").exists()
    assert decided.contents["parity"] == []
    page = (decided.folder / "report.html").read_text()
    for title in (
        "What each system is worth and costs",
        "Reasons not to tune",
        "Would more rows help?",
        "How steady",
    ):
        assert title in page


def test_the_table_has_every_figure_of_every_system(decided: api.Result) -> None:
    (costs,) = (one for one in decided.contents["sections"] if one["name"] == "costs")
    heads = [column["title"] for column in costs["tables"][0]["columns"]]
    rows = [dict(zip(heads, row)) for row in costs["tables"][0]["rows"]]
    assert {row["System"] for row in rows} == {one["title"] for one in decided.contents["systems"]}
    for row in rows:
        assert 0 < row["p50"] <= row["p95"]
        assert row["Total"] >= row["Cost once"] > 0
        wrong = 1 - float(row["Accuracy"].split()[0]) / 100
        assert row["Wrong a month"] == pytest.approx(wrong * 20_000, abs=20)
        assert row["Total"] == pytest.approx(
            row["Cost once"] + 60 * row["Cost of 1,000"] + 12 * row["Wrong a month"], rel=1e-6
        )
    assert {row["Tied"] for row in rows} <= {"best", "yes", "no"}
    steady = {row["System"] for row in rows if row["Same answer"] is not None}
    assert steady == {"tuned", "zero-shot"}


def test_a_curve_holds_the_run_s_own_measurement_at_all_rows(decided: api.Result) -> None:
    (curve,) = (one for one in decided.contents["sections"] if one["name"] == "learning_curve")
    own = {one["title"]: one["scores"]["accuracy"]["value"] for one in decided.contents["systems"]}
    rows = [row for row in curve["tables"][0]["rows"] if not row[0].endswith("foretold")]
    assert [(row[0], row[1]) for row in rows] == [
        (title, size) for title in ("TF-IDF + linear model", "tuned") for size in (18, 33, 66)
    ]
    assert all(row[2] == own[row[0]] for row in rows if row[1] == 66)
    assert "cannot tell" in curve["sentences"][0]  # three sizes are too few for the law


def test_repetitions_leave_neither_models_nor_losses(decided: api.Result) -> None:
    assert not list((decided.folder / "repeats").rglob("*.safetensors"))
    assert not list((decided.folder / "checkpoints" / "repeats").rglob("*.safetensors"))
    assert {curve["system"] for curve in decided.contents["curves"]} == {"fine_tune"}


def test_killed_at_every_step_it_completes_the_same_table_and_repeats_nothing(
    write: Callable[[Path], Path], decided: api.Result, prepared: list[str], tmp_path: Path
) -> None:
    plan, seen, kills = write(tmp_path), set(), 0

    def kill_once_a_phase(event: Event) -> None:
        if event.phase not in seen:
            seen.add(event.phase)
            raise Killed

    while True:
        try:
            result = api.decide(plan, runs=tmp_path / "runs", watch=kill_once_a_phase)
            break
        except Killed:
            kills += 1
    assert kills == len(seen) > 20
    assert max(Counter(prepared).values()) == 1
    assert table(result.contents) == table(decided.contents)
    again = api.decide(plan, runs=tmp_path / "runs")
    assert again.contents == result.contents
    before = len(prepared)
    ran = api.run(plan, runs=tmp_path / "runs")
    assert len(prepared) == before
    assert table(ran.contents) == table(decided.contents)
    assert open_run(ran.folder).status == "finished"
    assert (ran.folder / "adapter").exists()
    assert api.decide(plan, runs=tmp_path / "runs").contents == ran.contents


def test_without_prices_there_is_no_money(sorting) -> None:
    (costs,) = (one for one in sorting.contents["sections"] if one["name"] == "costs")
    heads = [column["title"] for column in costs["tables"][0]["columns"]]
    assert not {"Cost of 1,000", "Cost once", "Wrong a month", "Total"} & set(heads)
    assert "not set: decide.machine_cost_per_hour, task.answers_per_month" in costs["sentences"][-1]


def test_a_decoder_is_steady_or_not_over_words_and_orders(roomy_llama: Path, tmp_path: Path) -> None:
    plan = write_answering(tmp_path, roomy_llama)
    document = json.loads(plan.read_text())
    document["decide"] = {
        "rivals": ["zero_shot", {"name": "few_shot", "examples": 2}],
        "consistency": {"rewordings": 2, "shuffles": 2},
    }
    contents = api.decide(save_plan(plan, document), runs=tmp_path / "runs").contents
    (steady,) = (one for one in contents["sections"] if one["name"] == "consistency")
    rows = steady["tables"][0]["rows"]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("zero-shot", "wordings", 2),
        ("few-shot", "wordings", 2),
        ("few-shot", "orders of the examples", 2),
    ]
    assert all(0 <= row[-1] <= 1 for row in rows)


def test_the_command_tells_the_sections(decided: api.Result, command) -> None:
    folder = decided.folder.parent.parent
    code, out, _ = command(folder, "decide", "sort.yaml")
    assert code == 0
    for words in (
        "What each system is worth",
        "Reasons not to tune",
        "Would more rows help?",
        "runs/sort/report.html",
    ):
        assert words in out
    code, out, _ = command(folder, "decide", "sort.yaml", "--json")
    assert json.loads(out)["sections"] == decided.contents["sections"]
