"""A model of several tasks from the plan to its report: each is judged beside a model of it alone, asked by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import overtone
from overtone import api
from overtone.core.errors import UserError
from overtone.data.load import load_data
from overtone.job.deciding import training_probe
from overtone.job.deciding.spent import Spent
from overtone.job.publish import load_systems
from tests.job.plans import LORA, rows, write_csv, write_jsonl, write_sorting
from tests.job.test_staged import Killed, killed_at, section

SmallBase = Callable[[str], Path]


def write_mixture(folder: Path, base: Path, **mix: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    own = [{"text": row["text"] + " here", "label": row["text"].split()[0]} for row in rows(30, first=300)]
    write_csv(folder / "colours.csv", own)
    write_jsonl(
        folder / "numbers.jsonl",
        [
            {"text": row["text"] + " there", "score": place % 5}
            for place, row in enumerate(rows(25, first=500))
        ],
    )
    tasks = {
        "colours": {"data": "colours.csv"},
        "numbers": {"task": "regress", "data": "numbers.jsonl"},
    }
    curriculum = {"name": "mix", "tasks": tasks, "own_name": "words", "uncertainty": True, **mix}
    stages = [{**LORA, "epochs": 1, "curriculum": curriculum}]
    return write_sorting(folder, base, ["majority", "fine_tune"], stages=stages)


@pytest.fixture(scope="module")
def made(small_base: SmallBase, tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    folder = tmp_path_factory.mktemp("mixture")
    plan = write_mixture(folder, small_base("bert"))
    with pytest.raises(Killed):  # while a single task is learned: the mixture itself is finished
        overtone.run(plan, runs=folder / "runs", watch=killed_at("train fine_tune, colours alone", 2))
    return overtone.run(plan, runs=folder / "runs")


@pytest.mark.parametrize(("alone", "trainings"), [(True, 2), (False, 1)])
def test_what_all_tasks_take_is_foretold(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: bool, trainings: int
) -> None:
    """The steps of every task's rows, and once more where each is learned alone; as if each of the two took 100 s."""
    seen: list[float] = []

    def whole(training: Any, pieces: Any, held: int, of: float) -> Spent:
        seen.append(of * len(training.rows))
        return Spent(cpu=100.0)

    monkeypatch.setattr(training_probe, "_whole", whole)
    plan = write_mixture(tmp_path, small_base("bert"), alone=alone)
    tuned = next(one for one in api.estimate(plan).rivals if one.key == "fine_tune")
    assert tuned.cpu == pytest.approx(100 * trainings, abs=20)
    mix = api.load_plan(plan).stages[0].curriculum
    sizes = [len(load_data(one.data, one.task, 0, tmp_path).train) for one in mix.tasks.values()]
    own = len(load_data(api.load_plan(plan).data, api.load_plan(plan).task, 0, tmp_path).train)
    assert seen == [pytest.approx(own + sum(sizes), rel=0.15)]


def test_the_report_tells_each_task_together_and_alone(made: api.Result) -> None:
    told = section(made.contents, "several_tasks")
    table = told["tables"][0]
    assert [row[0] for row in table["rows"]] == ["words", "colours", "numbers"]
    heads = [column["title"] for column in table["columns"]]
    assert heads[4:] == ["Together", "from", "to", "Alone", "Gain", "from", "to", "p", "Noise"]
    for row in table["rows"]:
        low, value, high = row[5], row[4], row[6]
        assert low <= value <= high and row[8] == pytest.approx(value - row[7])
        assert row[9] <= row[8] <= row[10] and 0 <= row[11] <= 1
        assert row[12] > 0 and row[12] != 1
    own = next(one for one in made.contents["systems"] if one["name"] == "fine_tune")
    metric = made.contents["metrics"][0]["name"]
    assert table["rows"][0][4] == own["scores"][metric]["value"]
    assert table["rows"][0][2] == 16  # without the two that stand in train
    assert len(told["sentences"]) == 4


def test_every_head_is_the_same_on_disk_merged_and_served(made: api.Result) -> None:
    places = {row["place"]: row for row in made.contents["parity"]}
    assert len(places) == 9 and all(row["ok"] for row in places.values())
    assert {"reloaded from disk", "colours: merged", "numbers: served over HTTP"} <= set(places)


def test_a_task_is_asked_by_its_name(made: api.Result, tmp_path: Path) -> None:
    write_csv(tmp_path / "some.csv", [{"text": row["text"]} for row in rows(4, first=900)])
    plain = api.predict(made.folder, tmp_path / "some.csv")
    assert api.predict(made.folder, tmp_path / "some.csv", task="words") == plain
    assert {row["prediction"] for row in plain} <= {"sun", "rain", "wind"}
    colours = api.predict(made.folder, tmp_path / "some.csv", task="colours")
    assert {row["prediction"] for row in colours} <= {"red", "tree", "go", "far", "blue"}
    numbers = api.predict(made.folder, tmp_path / "some.csv", task="numbers")
    assert all(isinstance(row["prediction"], float) for row in numbers)
    with pytest.raises(
        UserError, match=r"no task 'colour': its tasks are words, colours, numbers\. Did you mean"
    ):
        api.predict(made.folder, tmp_path / "some.csv", task="colour")
    write_csv(tmp_path / "more.csv", [{"text": "red sky", "label": "red"}, {"text": "go on", "label": "go"}])
    assert api.evaluate(made.folder, tmp_path / "more.csv", task="colours")["data"]["test"] == 2
    assert set(load_systems(made.folder)) == {
        made.folder.name,
        *(f"{made.folder.name}:{one}" for one in ("colours", "numbers")),
    }


def test_models_of_single_tasks_are_not_kept(made: api.Result) -> None:
    assert not list((made.folder / "candidates" / "fine_tune").glob("alone"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"own_name": "colours"}, "'colours' is the stage's own task"),
        ({"own_name": "a b"}, "'a b' is no name"),
        ({"tasks": {}}, "uncertainty weighs the losses of several tasks"),
        ({"weights": [1, 2]}, "2 weights are given for 3 sets of rows"),
        (
            {"tasks": {"pairs": {"task": "answer", "data": "colours.csv"}}},
            "no head of its own learns the task 'answer': a mixture has tasks of classify, regress, tag",
        ),
    ],
)
def test_what_cannot_be_mixed_is_refused_before_the_run(
    small_base: SmallBase, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    plan = write_mixture(tmp_path, small_base("bert"), **changes)
    with pytest.raises(UserError, match=message):
        overtone.run(plan, runs=tmp_path / "runs")
    assert not list((tmp_path / "runs").glob("*/candidates"))
