"""One worker of a search, as a process of its own: `python -m overtone.job.searching.worker`."""

import os
import signal
import sys
import threading
import time
from math import inf
from pathlib import Path
from types import FrameType

from overtone.engine.remember import open_store, remembering
from overtone.evaluate.judges.keeping import keeping
from overtone.job.searching.begin import begin
from overtone.job.searching.team import STORAGE, worker_name
from overtone.job.searching.work import work
from overtone.plan import check_plan
from overtone.runs.read import read_yaml


def main(folder: Path, plan_folder: Path, count: int, minutes: float) -> None:
    """Carry out trials until none waits; ends at once with the process that started it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, _stop)
    plan = check_plan(read_yaml(folder / "plan.yaml"), str(folder / "plan.yaml"))
    search = begin(plan, plan_folder, folder, os.environ[STORAGE], count)
    deadline = time.monotonic() + 60 * minutes if minutes else inf
    with remembering(open_store()), keeping(folder):
        work(search, worker_name(os.getpid()), deadline, time.monotonic)


def _end_with_parent() -> None:
    """The pipe on standard input closes when the parent ends, however it ends."""
    sys.stdin.buffer.read()
    os._exit(1)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
    except KeyboardInterrupt:
        sys.exit(130)
