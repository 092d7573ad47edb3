"""A model that answers otherwise anywhere fails its run, and nothing of it is published."""

import math
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

import overtone
from overtone.core.errors import RunFailed, UserError
from overtone.job import candidate, main, parity
from overtone.runs.open import open_run
from tests.job.plans import LORA, write_sorting

WEIGHTS = Path("candidates/fine_tune/adapter/adapter_model.safetensors")


@pytest.fixture
def plan(small_base, tmp_path):
    return write_sorting(
        tmp_path, small_base("bert"), ["majority", "fine_tune"], stages=[{**LORA, "epochs": 1}]
    )


def run(plan: Path, spoil=None):
    """The run, with its finished candidate spoilt just before parity is checked."""

    def watch(event):
        if event.phase == "parity" and spoil:
            path = plan.parent / "runs" / "sort" / WEIGHTS
            path.with_suffix(".sound").write_bytes(path.read_bytes())
            save_file({name: spoil(weight) for name, weight in load_file(path).items()}, path)

    return overtone.run(plan, watch=watch, runs=plan.parent / "runs")


def assert_failed(folder: Path, reason: str) -> None:
    """The state says why, and no model stands at the top of the run."""
    found = open_run(folder)
    assert found.status == "failed"
    assert reason in found.state.reason
    assert not (folder / "adapter").exists()
    assert not (folder / "model").exists()
    assert not (folder / "report.json").exists()
    with pytest.raises(UserError, match="has no tuned model"):
        overtone.predict(folder, folder / "no.csv")


def test_weights_that_differ_on_disk_fail_the_run_and_sound_ones_mend_it(plan):
    folder = plan.parent / "runs" / "sort"
    with pytest.raises(RunFailed, match=r"reloaded from disk differs by .*merged differs by"):
        run(plan, spoil=lambda weight: weight + 0.1)
    assert_failed(folder, "does not answer the same everywhere")
    assert "reloaded from disk" in (folder / "report.html").read_text()
    (folder / WEIGHTS).with_suffix(".sound").replace(folder / WEIGHTS)
    run(plan)
    assert open_run(folder).status == "finished"
    assert (folder / "adapter" / "artifact.json").exists()


def test_weights_that_are_no_numbers_fail_the_run(plan):
    with pytest.raises(RunFailed, match=r"reloaded from disk gives no such numbers"):
        run(plan, spoil=lambda weight: weight * math.nan)
    assert_failed(plan.parent / "runs" / "sort", "served over HTTP gives no such numbers")


def test_a_trained_model_without_numbers_fails_the_run(plan, monkeypatch):
    monkeypatch.setitem(candidate.SAY, "classify", lambda system, rows: [[math.nan] * 3 for _ in rows])
    with pytest.raises(RunFailed, match="NaN"):
        run(plan)
    assert_failed(plan.parent / "runs" / "sort", "NaN")


def test_a_server_that_answers_a_thousandth_otherwise_fails_the_run(plan, monkeypatch, command):
    build = parity.build_app

    def drifting(models, key):
        for system in models.values():
            honest = system.probabilities
            system.probabilities = lambda rows, honest=honest: [
                [first - 1e-3, second + 1e-3, *rest] for first, second, *rest in honest(rows)
            ]
        return build(models, key)

    monkeypatch.setattr(parity, "build_app", drifting)
    code, out, error = command(plan.parent, "run", plan.name)
    assert (code, out) == (1, "")
    assert error.splitlines()[-1] == (
        "Error: the tuned model does not answer the same everywhere (served over HTTP differs by 0.001); "
        "do not use it. The report in runs/sort/report.html shows each place."
    )
    assert_failed(plan.parent / "runs" / "sort", "served over HTTP")


def test_a_model_published_before_a_crash_is_taken_back_when_parity_no_longer_holds(plan, monkeypatch):
    folder = plan.parent / "runs" / "sort"
    with monkeypatch.context() as patch:
        patch.setattr(main, "make_contents", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(plan)
    assert (folder / "adapter").is_dir()
    with pytest.raises(RunFailed):
        run(plan, spoil=lambda weight: weight + 0.1)
    assert_failed(folder, "differs")
