"""The one rule for an existing folder: resume, show, or refuse with the reason."""

import os
import subprocess
import sys

import pytest

from overtone.core.errors import UserError
from overtone.runs import list_runs, open_run, start_run

PLAN = {"task": {"name": "classify"}, "base": "builtin:minilm", "stages": [{"epochs": 4}], "seed": 0}
WORKER = """
import sys, time
from pathlib import Path
from overtone.runs import start_run
run = start_run(Path(sys.argv[1]), {"seed": 0})
run.metrics.append("train", 1, {"loss": 1.0})
print("ready", flush=True)
time.sleep(60)
"""


def test_a_new_run_holds_its_plan_and_environment_and_is_running(tmp_path):
    with start_run(tmp_path / "first", PLAN) as run:
        assert run.status == "running"
        assert run.plan == PLAN
        assert (run.folder / "environment.json").exists()
        assert run.checkpoints.is_dir()


def test_a_finished_run_is_shown_and_not_repeated(tmp_path):
    with start_run(tmp_path / "done", PLAN) as run:
        run.finish({"accuracy": 0.9})
    again = start_run(tmp_path / "done", PLAN)
    assert again.finished
    assert again.report == {"accuracy": 0.9}
    assert again.state.starts == 1
    start_run(tmp_path / "done", PLAN)  # showing holds no lock


def test_the_same_plan_on_an_unfinished_dead_run_resumes_it(tmp_path):
    with start_run(tmp_path / "cut", PLAN) as run:
        run.metrics.append("train", 1, {"loss": 1.0})
    assert open_run(tmp_path / "cut").status == "interrupted"
    with start_run(tmp_path / "cut", PLAN) as run:
        assert (run.status, run.state.starts) == ("running", 2)
        run.finish({})
    assert open_run(tmp_path / "cut").status == "finished"


def test_a_different_plan_is_refused_with_every_difference(tmp_path):
    start_run(tmp_path / "one", PLAN).close()
    other = {**PLAN, "stages": [{"epochs": 6}, {"epochs": 1}], "seed": None}
    with pytest.raises(UserError) as refusal:
        start_run(tmp_path / "one", other)
    assert str(refusal.value) == (
        f"The run {tmp_path / 'one'} was made with a different plan:\n"
        "  stages[0].epochs: 4, now 6\n"
        "  stages[1]: absent, now {'epochs': 1}\n"
        "  seed: 0, now none\n"
        "Give this run another --name, or take the changes back."
    )


def test_other_contents_of_a_data_file_are_refused(tmp_path):
    start_run(tmp_path / "one", PLAN, {"data.train": "aa"}).close()
    with pytest.raises(UserError, match=r"contents of data\.train: aa, now bb"):
        start_run(tmp_path / "one", PLAN, {"data.train": "bb"})


def test_a_live_run_is_refused_with_its_process_and_a_killed_one_resumes(tmp_path):
    folder = tmp_path / "live"
    worker = subprocess.Popen([sys.executable, "-c", WORKER, folder], stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        assert open_run(folder).status == "running"
        with pytest.raises(UserError, match=rf"being worked on by process {worker.pid} on "):
            start_run(folder, {"seed": 0})
    finally:
        worker.kill()
        worker.communicate()
    assert open_run(folder).status == "interrupted"
    with start_run(folder, {"seed": 0}) as run:
        assert run.state.starts == 2
        assert '"pid": ' + str(os.getpid()) in (folder / "lock").read_text()


def test_a_failure_is_recorded_with_its_reason_and_may_be_tried_again(tmp_path):
    with pytest.raises(RuntimeError), start_run(tmp_path / "bad", PLAN) as run:
        run.metrics.append("train", 1, {"loss": 1.0})
        raise RuntimeError("the loss is not finite at step 7")
    failed = open_run(tmp_path / "bad")
    assert (failed.status, failed.state.reason) == ("failed", "the loss is not finite at step 7")
    with start_run(tmp_path / "bad", PLAN) as run:
        assert (run.status, run.state.reason) == ("running", "")


def test_a_slip_found_at_once_leaves_no_folder_but_one_found_late_keeps_the_work(tmp_path):
    with pytest.raises(UserError), start_run(tmp_path / "slip", PLAN):
        raise UserError("no column 'text'")
    assert not (tmp_path / "slip").exists()
    with pytest.raises(UserError), start_run(tmp_path / "late", PLAN) as run:
        (run.checkpoints / "step-5").mkdir()
        raise UserError("the disk is full")
    assert open_run(tmp_path / "late").status == "failed"


def test_a_slip_in_a_resumed_run_never_takes_its_folder_away(tmp_path):
    start_run(tmp_path / "mine", PLAN).close()
    with pytest.raises(UserError), start_run(tmp_path / "mine", PLAN):
        raise UserError("the base is not installed")
    assert open_run(tmp_path / "mine").status == "failed"


def test_an_interruption_is_no_failure(tmp_path):
    with pytest.raises(KeyboardInterrupt), start_run(tmp_path / "stop", PLAN):
        raise KeyboardInterrupt
    assert open_run(tmp_path / "stop").status == "interrupted"


def test_a_folder_that_is_no_run_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="exists and is no run"):
        start_run(tmp_path / "mine", PLAN)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_folder_whose_beginning_was_cut_off_is_begun_again(tmp_path):
    folder = tmp_path / "torn"
    start_run(folder, PLAN).close()
    (folder / "state.json").unlink()
    with start_run(folder, {**PLAN, "seed": 5}) as run:
        assert run.plan["seed"] == 5


@pytest.mark.parametrize("name", ["", "..", ".hidden", "-x", "a b", "a/../b", "ä", "x" * 129, "a\n"])
def test_names_that_a_shell_or_a_web_page_could_misread_are_refused(tmp_path, name):
    from overtone.runs.name import check_name

    with pytest.raises(UserError, match="cannot be the name of a run"):
        check_name(name)


def test_runs_are_listed_latest_first_and_found_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    for name, day in (("older", "2026-01-01"), ("newer", "2026-02-01")):
        monkeypatch.setattr("overtone.runs.start.now", lambda day=day: day)
        start_run(Path("runs") / name, PLAN).close()
    assert [run.name for run in list_runs()] == ["newer", "older"]
    assert open_run("older").folder == Path("runs/older")
    with pytest.raises(UserError, match=r"oldr is no run.*Did you mean 'older'\?"):
        open_run("oldr")


def test_the_result_of_an_unfinished_run_is_asked_for_in_vain(tmp_path):
    start_run(tmp_path / "cut", PLAN).close()
    with pytest.raises(UserError, match="has no result: it is interrupted"):
        _ = open_run(tmp_path / "cut").report
