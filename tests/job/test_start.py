"""A plan that begins from an adapter of plain PEFT: measured as it is, published, trained on, found from the plan."""

from pathlib import Path
from typing import Any

import peft
import pytest
import torch

import overtone
from overtone.core.errors import UserError
from overtone.core.event import Event, unwatched
from overtone.job.fingerprints import fingerprints
from overtone.job.tuner import Tuner
from overtone.train.artifact import load_artifact, read_card
from overtone.train.resolve import resolved_stages
from tests.job.plans import rows, save_plan, write_csv, write_jsonl
from tests.methods.agreement import library_scores, loaded_by_library, scores, written_by_library
from tests.train.rows import answered

METHOD = {"name": "lora", "start": "theirs"}
QUICK = {"batch_rows": 8, "checkpoint_steps": 50}


@pytest.fixture(scope="module")
def place(roomy_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a foreign adapter and rows beside the plans."""
    folder = tmp_path_factory.mktemp("foreign")
    config = peft.LoraConfig(r=3, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM")
    written_by_library(roomy_llama, folder / "theirs", config)
    found = [{"prompt": row["text"], "completion": row["label"]} for row in rows(60)]
    write_jsonl(folder / "answers.jsonl", found)
    return folder


def write(place: Path, base: Path, name: str, stages: list[dict[str, Any]], **changes: Any) -> Path:
    plan = {
        "task": {"name": "answer", "max_tokens": 4},
        "base": str(base),
        "data": "answers.jsonl",
        "stages": [{**QUICK, **stage} for stage in stages],
        "decide": {"rivals": ["canned_reply", "fine_tune"]},
        **changes,
    }
    return save_plan(place / f"{name}.yaml", plan)


def test_taken_as_it_is_it_is_judged_published_and_asked(
    place: Path, roomy_llama: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # the plan's folder counts, not the present one
    plan, steps = write(place, roomy_llama, "as_it_is", [{"method": METHOD, "epochs": 0}]), list[Event]()
    result = overtone.run(plan, watch=steps.append, runs=place / "runs")
    assert not [event for event in steps if event.phase == "train fine_tune"]
    assert all(one["ok"] for one in result.contents["parity"]) and len(result.contents["parity"]) == 3
    artifact = load_artifact(result.folder / "adapter")
    wanted = library_scores(loaded_by_library(roomy_llama, place / "theirs"))
    assert torch.allclose(scores(artifact.learner.body), wanted, atol=1e-5)
    assert artifact.card.method.rank == 3  # type: ignore[attr-defined]
    assert len(overtone.predict(result.folder, place / "answers.jsonl")) == 60


def test_it_learns_on_and_a_further_stage_goes_on_from_that(
    place: Path, roomy_llama: Path, tmp_path: Path
) -> None:
    stages = [{"method": METHOD, "epochs": 0.4}, {"method": {"name": "lora", "rank": 2}, "epochs": 0.2}]
    plan = overtone.load_plan(write(place, roomy_llama, "further", stages))
    tuner = Tuner(plan.base, plan.task, (), 0, tmp_path / "checkpoints", references=False)
    tuner(resolved_stages(plan.stages, plan.task, "decoder", 32), answered(24, 0), [], tmp_path, unwatched)
    card = read_card(tmp_path / "adapter")
    assert [one.method.begins_as for one in card.lineage] == [str(place / "theirs")]
    assert Path(card.base) == tmp_path / "adapter" / "start"
    first = load_artifact(tmp_path / "stages" / "1" / "adapter")
    theirs = library_scores(loaded_by_library(roomy_llama, place / "theirs"))
    gap = (scores(first.learner.body) - theirs).abs().max()
    assert 1e-5 < gap < 2


def test_other_weights_in_the_folder_are_another_run(place: Path, roomy_llama: Path) -> None:
    plan = overtone.load_plan(write(place, roomy_llama, "known", [{"method": METHOD}]))
    found = fingerprints(plan, place)
    assert "stages.0.method.start.0" in found


@pytest.mark.parametrize("name", ["base_adapter", "adapters"])
def test_folders_of_other_methods_are_found_from_the_plan_too(
    place: Path, roomy_llama: Path, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    method = (
        {"name": "adapter", name: "theirs"}
        if name == "base_adapter"
        else {"name": "fusion", name: ["theirs"]}
    )
    plan = overtone.load_plan(write(place, roomy_llama, "other", [{"method": method}]))
    found = getattr(plan.stages[0].method, name)
    assert found == (str(place / "theirs") if name == "base_adapter" else [str(place / "theirs")])


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        (
            {"method": "lora", "epochs": 0},
            r"stages\[0\].epochs: with 0 a finished adapter is taken as it is, and 'lora'",
        ),
        ({"method": {**METHOD, "rank": 7}}, "stages.method.rank: 7 is asked for, and the adapter .* has 3"),
        ({"method": {"name": "prompt", "start": "theirs"}}, "of the type LORA: name the method lora"),
    ],
)
def test_slips_are_told_before_any_work(
    place: Path, roomy_llama: Path, stage: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=reason):
        overtone.run(write(place, roomy_llama, "slip", [stage]), runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_new_output_layer_must_learn(place: Path, roomy_llama: Path, tmp_path: Path) -> None:
    write_csv(place / "labels.csv", rows(40))
    plan = write(
        place,
        roomy_llama,
        "sorted",
        [{"method": METHOD, "epochs": 0}],
        task="classify",
        data="labels.csv",
        decide={"rivals": ["majority", "fine_tune"]},
    )
    with pytest.raises(UserError, match=r"epochs: with 0 nothing is trained, and the output layer .* is new"):
        overtone.run(plan, runs=tmp_path / "runs")


def test_an_adapter_in_the_place_of_a_base_is_told_how_to_be_used(place: Path) -> None:
    with pytest.raises(
        UserError, match=r"base: theirs is an adapter, not a base: name the base .*start: theirs"
    ):
        overtone.run(write(place, Path("theirs"), "wrong", [{"method": "lora"}]), runs=place / "runs")
