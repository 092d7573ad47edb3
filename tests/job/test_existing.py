"""The one rule for a folder that is there: resume, show again, or refuse with the reason."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import overtone
from overtone.core.errors import UserError
from overtone.runs.metrics import read_metrics
from overtone.runs.open import open_run

DIES = """
import os, signal, sys
from pathlib import Path
import overtone

def watch(event):
    if (event.phase, str(event.done)) == tuple(sys.argv[2:4]):
        os.kill(os.getpid(), signal.SIGKILL)

overtone.run(sys.argv[1], name="killed", watch=watch, runs=Path(sys.argv[4]))
"""


@pytest.fixture(scope="module")
def killed(sorting):
    """A run killed between two rivals, then in the middle of a training; what was on the disk after each."""
    runs = sorting.plan.parent / "runs"
    for phase, done in (("zero_shot", 0), ("train fine_tune", 11)):
        worker = [sys.executable, "-c", DIES, str(sorting.plan), phase, str(done), str(runs)]
        assert subprocess.run(worker, capture_output=True, timeout=120).returncode == -9
        assert open_run(runs / "killed").status == "interrupted"
    return runs / "killed"


def test_a_killed_run_goes_on_to_the_bit(sorting, killed):
    kept = {path.name: path.stat().st_mtime_ns for path in (killed / "answers").iterdir()}
    assert {"majority.json", "tfidf.json", "zero_shot.json", "embedding_head.json"} <= set(kept)
    assert not (killed / "adapter").exists()
    events, refused = [], []

    def watch(event):
        events.append(event)
        if event.phase == "train fine_tune" and not refused:
            with pytest.raises(UserError) as refusal:
                overtone.run(sorting.plan, name="killed", runs=killed.parent)
            refused.append(str(refusal.value))

    result = overtone.run(sorting.plan, name="killed", watch=watch, runs=killed.parent)
    assert f"process {os.getpid()} on" in refused[0]
    phases = [event.phase for event in events]
    first = [phase for phase in phases if phase.startswith("prepare") and "(" not in phase]  # no repetition
    assert first == ["prepare fine_tune"]
    assert next(event.done for event in events if event.phase == "train fine_tune") == 10
    assert {name: (killed / "answers" / name).stat().st_mtime_ns for name in kept} == kept
    assert training(killed) == training(sorting.folder)
    assert scores(result.contents) == scores(sorting.contents)
    adapters = [folder / "adapter" / "adapter_model.safetensors" for folder in (killed, sorting.folder)]
    assert adapters[0].read_bytes() == adapters[1].read_bytes()
    assert open_run(killed).state.starts == 3


def training(folder: Path) -> list[tuple[object, ...]]:
    """Every number of every step of the trainings, to the bit, in the order of the file."""
    return [
        tuple(value.hex() if isinstance(value, float) else value for value in line.values())
        for line in read_metrics(folder / "metrics.jsonl")
        if line["phase"].startswith("train")
    ]


def scores(contents):
    return {system["name"]: system["scores"] for system in contents["systems"]}


def test_a_finished_run_is_shown_again_and_nothing_is_done(sorting):
    before = times(sorting.folder)
    events = []
    again = overtone.run(sorting.plan, watch=events.append, runs=sorting.folder.parent)
    assert again.contents == sorting.contents
    assert [event.phase for event in events] == ["read", "read"]
    assert events[-1].message.endswith("sort is finished already; this is its result")
    assert times(sorting.folder) == before


def times(folder: Path) -> dict[str, int]:
    """When each file of a run was last written; its lock is taken for an instant to look."""
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != "lock"}


def test_other_prices_and_another_bar_change_the_report_and_measure_nothing_again(sorting, command):
    def measured():
        names = [*sorting.folder.glob("answers/*"), *sorting.folder.glob("candidates/*/*")]
        return {name: name.stat().st_mtime_ns for name in names}

    before, told = measured(), sorting.contents
    changes = ("--set", "decide.machine_cost_per_hour=2", "--set", "task.bar=0.01")
    code, out, _ = command(sorting.plan.parent, "decide", "sort.yaml", "--json", *changes)
    changed = json.loads(out)
    assert code == 0
    assert measured() == before != {}
    assert (changed["bar"], changed["reached"]) == (0.01, True)
    assert changed["bar"] != told["bar"]
    assert scores(changed) == scores(told)
    assert open_run(sorting.folder).finished  # what was published is published again
    assert overtone.run(sorting.plan, runs=sorting.folder.parent).contents["bar"] == told["bar"]


def test_a_different_plan_is_refused_with_the_difference(sorting, command):
    code, out, error = command(
        sorting.plan.parent, "run", "sort.yaml", "--set", "stages.0.epochs=3", "--set", "seed=5"
    )
    assert (code, out) == (2, "")
    assert error.endswith(
        "Error: The run runs/sort was made with a different plan:\n"
        "  stages[0].epochs: 2.0, now 3.0\n"
        "  seed: 0, now 5\n"
        "Give this run another --name, or take the changes back.\n"
    )


def test_other_rows_under_the_same_name_are_refused(sorting):
    path = sorting.plan.parent / "train.csv"
    contents = path.read_bytes()
    path.write_bytes(contents + b"one more sun,sun\r\n")
    try:
        with pytest.raises(UserError, match=r"contents of data\.train"):
            overtone.run(sorting.plan, runs=sorting.folder.parent)
    finally:
        path.write_bytes(contents)


def test_a_candidate_whose_references_are_missing_is_not_taken_for_finished(
    small_base, tmp_path, monkeypatch
):
    """A crash between the artifact and the references: the last checkpoint makes both again."""
    from tests.job.plans import write_sorting

    plan = write_sorting(tmp_path, small_base("bert"), ["majority", "fine_tune"])

    def crash(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("overtone.job.tuner.write_references", crash)
        overtone.run(plan, runs=tmp_path)
    assert (tmp_path / "sort" / "candidates" / "fine_tune" / "adapter" / "artifact.json").exists()
    steps = []
    overtone.run(plan, watch=lambda event: steps.append(event.phase), runs=tmp_path)
    assert "train fine_tune" not in steps
    assert open_run(tmp_path / "sort").status == "finished"
