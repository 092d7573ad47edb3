"""Several processes on one search: each takes waiting trials from the storage; one that dies is replaced."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overtone.core.event import Watch
from overtone.job.searching.work import Search, progress
from overtone.search.queue import recover

STORAGE = "OVERTONE_SEARCH_STORAGE"  # the address, which may hold a password, travels in the environment
LOOK_SECONDS = 0.3
STOP_SECONDS = 30.0  # that a worker has to put its trial back
Process = subprocess.Popen[bytes]


def worker_name(pid: int) -> str:
    """A process of this machine, as a trial remembers it."""
    return f"{platform.node()}:{pid}"


def of_this_machine(worker: str) -> bool:
    """Whether a worker is, or was, a process of this machine; one that died before it said so counts too."""
    return not worker or worker.rpartition(":")[0] == platform.node()


def work_together(
    search: Search, plan_folder: Path, workers: int, minutes: float | None, watch: Watch
) -> None:
    """Start workers, replace those that die, tell what comes in, until no trial waits."""
    begun = time.monotonic()
    told: set[int] = {one.number for one in search.outcomes if one.state not in ("waiting", "running")}
    team: list[Process] = []

    def start() -> Process:
        left = None if minutes is None else minutes - (time.monotonic() - begun) / 60
        return _start(search, plan_folder, left)

    with _dismissed(team):
        team += [start() for _ in range(min(workers, search.count))]
        while team:
            time.sleep(LOOK_SECONDS)
            ended = [process for process in team if process.poll() is not None]
            for process in ended:
                team.remove(process)
                _close(process)
                if process.returncode and _revive(search, process):
                    team.append(start())
            _tell_new(search, told, watch)


def _revive(search: Search, process: Process) -> bool:
    """Give back the trial of a process that died; whether there is work for another in its place."""
    return recover(search.study, lambda worker: worker == worker_name(process.pid)) > 0


def _tell_new(search: Search, told: set[int], watch: Watch) -> None:
    for one in search.outcomes:
        if one.state not in ("waiting", "running") and one.number not in told:
            told.add(one.number)
            watch(progress(search, one.number))


def _start(search: Search, plan_folder: Path, minutes: float | None) -> Process:
    """A worker that ends when this process does: it reads from a pipe that only we hold open."""
    command = [sys.executable, "-m", "overtone.job.searching.worker"]
    arguments = [search.folder, plan_folder.resolve(), search.count, minutes or 0]
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "OMP_WAIT_POLICY": "PASSIVE",
        STORAGE: search.address,
    }
    with (search.folder / "workers.log").open("ab") as log:
        return subprocess.Popen(
            [*command, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,  # Ctrl-C reaches us, and we tell them
        )


@contextmanager
def _dismissed(team: list[Process]) -> Iterator[None]:
    """Whatever happens, no worker outlasts this process."""
    try:
        yield
    finally:
        for process in team:
            process.terminate()
        for process in team:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _close(process)


def _close(process: Process) -> None:
    if process.stdin:
        process.stdin.close()
