"""Processes on one search: killed anywhere, the same command completes the same search."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest
from optuna.trial import TrialState

from overtone import api
from overtone.job.searching import team
from tests.job.searching.conftest import write_search

MAIN = "from overtone.cli import main; main()"
COMMAND = [sys.executable, "-c", MAIN, "search", "sort.yaml", "--json"]
PATIENCE = 120
RUNNING = TrialState.RUNNING


def begin(folder, *options):
    """The command as a terminal starts it: Ctrl-C reaches it, also where these tests run in the background."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [*COMMAND, *options], cwd=folder, stdout=log, stderr=log, preexec_fn=listen_to_ctrl_c
        )


def listen_to_ctrl_c():
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def states(folder):
    """How many trials are in each state, from outside."""
    path = folder / "runs" / "sort" / "search" / "trials.db"
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found,
    ):
        return dict(found.execute("select state, count(*) from trials group by state"))
    return {}


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_search_killed_in_a_trial_goes_on_as_if_it_had_not_been(searched, small_base, tmp_path):
    write_search(tmp_path, small_base("bert"))
    process = begin(tmp_path)
    wait_for(lambda: (now := states(tmp_path)).get("COMPLETE", 0) >= 1 and now.get("RUNNING", 0) == 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert states(tmp_path).get("RUNNING") == 1
    result = api.search(tmp_path / "sort.yaml", runs=tmp_path / "runs")
    _, whole, _ = searched
    assert [(one["state"], one["values"], one["score"]) for one in result.contents["trials"]] == [
        (one["state"], one["values"], one["score"]) for one in whole.contents["trials"]
    ]
    assert result.contents["final"]["gain"] == whole.contents["final"]["gain"]


def test_ctrl_c_leaves_a_search_that_goes_on_and_says_so(small_base, tmp_path):
    write_search(tmp_path, small_base("bert"))
    process = begin(tmp_path)
    wait_for(lambda: "trial 0" in (tmp_path / "log").read_text())
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 130
    assert "goes on where it stopped" in (tmp_path / "log").read_text()
    assert "RUNNING" not in states(tmp_path) and states(tmp_path)["WAITING"] >= 1


def test_several_workers_meet_the_count_though_one_is_killed(searched, small_base, tmp_path, monkeypatch):
    write_search(tmp_path, small_base("bert"))
    started, killed = [], []
    start = team._start

    def watched(*arguments):
        process = start(*arguments)
        started.append(process.pid)
        return process

    def kill_one_at_work(search, told, watch):
        at_work = {trial.user_attrs.get("worker") for trial in search.study.get_trials(states=(RUNNING,))}
        # Whichever is seen at work: a quick one can take every trial before the other has begun.
        if not killed:
            killed.extend([pid for pid in started if team.worker_name(pid) in at_work][:1])
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
        tell(search, told, watch)

    tell = team._tell_new
    monkeypatch.setattr(team, "_tell_new", kill_one_at_work)
    monkeypatch.setattr(team, "_start", watched)
    result = api.search(tmp_path / "sort.yaml", workers=2, runs=tmp_path / "runs")
    assert [one["state"] for one in result.contents["trials"]] == ["finished"] * 3
    _, whole, _ = searched
    assert [one["values"] for one in result.contents["trials"]] == [
        one["values"] for one in whole.contents["trials"]
    ]
    assert killed and len(started) == 3
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert json.loads((result.folder / "search.json").read_text()) == result.contents
