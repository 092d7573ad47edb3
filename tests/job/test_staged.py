"""A candidate of several stages: trained, interrupted, resumed, published, told, and the base of the next plan."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import overtone
from overtone.core.event import Event
from overtone.train.artifact import read_card
from tests.job.plans import LORA, WORDS, rows, save_plan, write_csv, write_jsonl, write_sorting

OPPOSITES = {"sun": "rain", "rain": "wind", "wind": "sun"}  # so that under the next column another head errs
QUICK = {"epochs": 1, "batch_rows": 8, "checkpoint_steps": 2}


def write_pipeline(folder: Path, base: Path) -> Path:
    """Text, then answers, then preferences."""
    folder.mkdir(parents=True, exist_ok=True)
    found = rows(60)
    write_jsonl(folder / "texts.jsonl", [{"text": row["text"]} for row in found])
    write_jsonl(
        folder / "answers.jsonl", [{"prompt": row["text"], "completion": row["label"]} for row in found]
    )
    pairs = [
        {"prompt": row["text"], "chosen": row["label"], "rejected": WORDS[(place + 1) % 3]}
        for place, row in enumerate(rows(60, first=200))
    ]
    write_jsonl(folder / "pairs.jsonl", pairs)
    method = {"name": "lora", "rank": 4}
    plan = {
        "task": {"name": "prefer", "max_tokens": 4},
        "base": str(base),
        "data": "pairs.jsonl",
        "stages": [
            {**QUICK, "method": "full", "task": "text", "data": "texts.jsonl"},
            {**QUICK, "method": method, "task": {"name": "answer", "max_tokens": 4}, "data": "answers.jsonl"},
            {**QUICK, "method": method},
        ],
        "decide": {"rivals": ["answer_length", "fine_tune"]},
    }
    return save_plan(folder / "pipeline.yaml", plan)


class Killed(Exception):
    """Stands for a power cut."""


def killed_at(phase: str, step: int) -> Callable[[Event], None]:
    def watch(event: Event) -> None:
        if (event.phase, event.done) == (phase, step):
            raise Killed

    return watch


def section(contents: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in contents["sections"] if one["name"] == name)


@pytest.fixture(scope="module")
def finished(roomy_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    plan = write_pipeline(tmp_path_factory.mktemp("pipeline"), roomy_llama)
    result = overtone.run(plan, runs=plan.parent / "runs")
    return result.folder, result.contents


def test_three_stages_reach_a_model_that_answers_alike_everywhere(
    finished: tuple[Path, dict[str, Any]],
) -> None:
    folder, contents = finished
    assert all(place["ok"] for place in contents["parity"]) and len(contents["parity"]) == 3
    card = read_card(folder / "adapter")
    assert [one.task.name for one in card.history] == ["text", "answer", "prefer"]
    assert [one.method.name for one in card.history] == ["full", "lora", "lora"]
    assert len({one.rows_sha256 for one in card.history}) == 3
    assert Path(card.base).parent == folder / "adapter"  # what the first stage learned travels with it


def test_the_report_tells_every_task_after_every_stage(finished: tuple[Path, dict[str, Any]]) -> None:
    told = section(finished[1], "forgetting")
    general, matrix, lineage = told["tables"]
    assert general["rows"][0][6] > 0
    assert [row[0] for row in matrix["rows"]] == [
        "as it was",
        "after stage 1",
        "after stage 2",
        "after stage 3",
    ]
    assert all("[" in cell for row in matrix["rows"] for cell in row[1:])
    assert [row[1] for row in lineage["rows"]] == ["text", "answer", "prefer"]


@pytest.mark.parametrize(
    "place", [("train fine_tune, stage 1", 3), ("train fine_tune, stage 2", 5), ("train fine_tune", 3)]
)
def test_a_run_goes_on_within_any_stage_to_the_bit(
    finished: tuple[Path, dict[str, Any]], roomy_llama: Path, tmp_path: Path, place: tuple[str, int]
) -> None:
    plan = write_pipeline(tmp_path, roomy_llama)
    with pytest.raises(Killed):
        overtone.run(plan, watch=killed_at(*place), runs=tmp_path / "runs")
    seen: list[str] = []
    again = overtone.run(plan, watch=lambda event: seen.append(event.phase), runs=tmp_path / "runs")
    for name in ("adapter_model.safetensors", "start/model.safetensors"):
        assert (again.folder / "adapter" / name).read_bytes() == (finished[0] / "adapter" / name).read_bytes()
    assert ("train fine_tune, stage 1" in seen) == (place[0] == "train fine_tune, stage 1")


def test_a_finished_run_is_the_base_of_the_next_plan(
    small_base: Callable[[str], Path], tmp_path: Path, command: Any
) -> None:
    write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"])
    first = overtone.run(tmp_path / "sort.yaml", runs=tmp_path / "runs", name="first")
    write_sorting(tmp_path, Path("runs/first"), ["majority", "fine_tune"])
    second = overtone.run(tmp_path / "sort.yaml", runs=tmp_path / "runs", name="second")
    history = read_card(second.folder / "adapter").history
    assert len(history) == 2 and history[0].base == str(small_base("bert"))
    assert history[0] == read_card(first.folder / "adapter").history[0]
    assert len(section(second.contents, "forgetting")["tables"][1]["rows"]) == 2


REFUSED = {
    "rows on the last stage": (
        [LORA, {**LORA, "data": "train.csv"}],
        "stages[1].data: the last stage trains for the plan's own task on the plan's own rows: name these rows in "
        "the plan's data, or add a stage after it",
    ),
    "a task without rows": (
        [{**LORA, "task": "text"}, LORA],
        "sort.yaml, stages[0]: task 'text' needs rows of its own: name their file in data",
    ),
    "another method that goes on": (
        [{**LORA, "method": "full"}, {**LORA, "carry": "continue"}],
        "stages[1].carry: 'lora' cannot go on with what 'full' learned, unless both have the same settings: use "
        "carry: merge, or the method of the stage before",
    ),
    "an anchor of what stands still": (
        [{**LORA, "data": "train.csv"}, {**LORA, "anchor": "l2"}],
        "stages[1].anchor: 'l2' holds the base's own weights, and under the method 'lora' none of them moves",
    ),
    "nothing to rehearse": (
        [{**LORA, "curriculum": "rehearsal"}],
        "stages[0].curriculum: 'rehearsal' needs other rows: name a file in its data, or put a stage with those rows",
    ),
    "rows that are not there": (
        [{**LORA, "data": "gone.csv"}, LORA],
        "there is no file",
    ),
}


@pytest.mark.parametrize("slip", REFUSED)
def test_stages_that_cannot_follow_are_refused_before_any_work(
    small_base: Callable[[str], Path], tmp_path: Path, command: Any, slip: str
) -> None:
    described, sentence = REFUSED[slip]
    write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=described)
    code, _, error = command(tmp_path, "run", "sort.yaml")
    assert code == 2 and sentence in " ".join(error.split())
    assert not (tmp_path / "runs").exists()


def test_test_rows_that_an_earlier_stage_saw_are_told(
    small_base: Callable[[str], Path], tmp_path: Path
) -> None:
    write_sorting(
        tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[{**LORA, "data": "seen.csv"}, LORA]
    )
    write_csv(tmp_path / "seen.csv", [*rows(40, first=300), *rows(5, first=100)])
    contents = overtone.run(tmp_path / "sort.yaml", runs=tmp_path / "runs").contents
    assert contents["data"]["repeated"] in range(3, 8)
    assert any("rows of an earlier stage" in told for told in contents["warnings"])
    assert json.dumps(contents)


def test_a_column_for_each_task_forgets_nothing(small_base: Callable[[str], Path], tmp_path: Path) -> None:
    """The report judges the first task by its own column: the same right answers after the second stage."""
    turned = [{"text": row["text"], "label": OPPOSITES[row["label"]]} for row in rows(60, first=300)]
    write_csv(tmp_path / "first.csv", turned)
    column = {**QUICK, "method": "column", "epochs": 4, "learning_rate": 0.01, "head_learning_rate": 0.01}
    stages = [{**column, "data": "first.csv"}, column]
    plan = write_sorting(tmp_path, small_base("bert"), ["fine_tune"], stages=stages)
    result = overtone.run(plan, runs=tmp_path / "runs")
    _, matrix, lineage = section(result.contents, "forgetting")["tables"]
    (first, second) = [row[1] for row in matrix["rows"][1:]]
    assert first == second
    assert [row[2] for row in lineage["rows"]] == ["column", "column"]
    assert all(place["ok"] for place in result.contents["parity"])
