"""A run: one folder that holds all of one piece of work, readable by eye and by later versions."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from overtone.core.errors import UserError
from overtone.core.event import Event
from overtone.runs.lock import Lock, holder
from overtone.runs.metrics import Metrics
from overtone.runs.read import read_json, read_yaml
from overtone.runs.state import State, Status, now, read_state, write_state
from overtone.runs.write import write_json

# what a folder holds before any work: answers or replies beside it may have been paid for
BEGUN = frozenset({"plan.yaml", "environment.json", "state.json", "metrics.jsonl", "lock", "checkpoints"})


class Run:
    """A run folder. `start_run` gives one that may be written, `open_run` one to read.

    Used in a `with` block it records a failure with its reason and releases its lock. A run stopped from
    outside (Ctrl-C, a power cut) stays unfinished, and the same plan goes on with it.
    """

    def __init__(self, folder: Path, lock: Lock | None = None, fresh: bool = False) -> None:
        self.folder = folder
        self.fresh = fresh  # made by this process, so that a slip found at once leaves nothing behind
        self._lock = lock

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def status(self) -> Status:
        """Running, interrupted (its process died), decided, finished or failed."""
        stored = self.state.status
        dead = stored == "running" and self._lock is None and holder(self.folder / "lock") is None
        return "interrupted" if dead else stored

    @property
    def state(self) -> State:
        """The stored state."""
        return read_state(self.folder)

    @property
    def finished(self) -> bool:
        """Whether the work is done and `report` holds its result."""
        return self.state.status == "finished"

    @property
    def plan(self) -> dict[str, Any]:
        """The resolved plan as plain values."""
        contents: dict[str, Any] = read_yaml(self.folder / "plan.yaml")
        return contents

    @property
    def report(self) -> dict[str, Any]:
        """What was measured; UserError where the run is not finished."""
        path = self.folder / "report.json"
        if not path.exists():
            raise UserError(f"The run {self.folder} has no result: it is {self.status}.")
        contents: dict[str, Any] = read_json(path)
        return contents

    @property
    def checkpoints(self) -> Path:
        """The folder for what is needed to go on after a crash."""
        return self.folder / "checkpoints"

    @cached_property
    def metrics(self) -> Metrics:
        """The numbers of each step, to be appended."""
        return Metrics(self.folder / "metrics.jsonl")

    def record(self, event: Event) -> None:
        """Store the numbers of an event; a `Watch` that keeps what others show."""
        if event.numbers:
            self.metrics.append(event.phase, event.done, event.numbers)

    def finish(self, report: Mapping[str, Any], status: Status = "finished") -> None:
        """Store the result, then say that the run is finished or decided; a crash in between leaves it unfinished."""
        self.metrics.flush()
        write_json(self.folder / "report.json", report)
        write_state(self.folder, replace(self.state, status=status, reason="", ended=now()))

    def fail(self, reason: str) -> None:
        """Record that the run failed and why; the same plan may try again."""
        write_state(self.folder, replace(self.state, status="failed", reason=reason, ended=now()))

    def close(self) -> None:
        """Close the metrics and give the lock back."""
        if "metrics" in self.__dict__:
            self.metrics.close()
            del self.__dict__["metrics"]
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, UserError) and self._is_untouched():
            shutil.rmtree(self.folder)
        elif isinstance(error, Exception):
            self.fail(str(error) or type(error).__name__)
        self.close()

    def _is_untouched(self) -> bool:
        """Whether this process made the folder and no work was kept in it yet."""
        metrics = self.folder / "metrics.jsonl"
        worked = metrics.exists() and metrics.stat().st_size > 0
        kept = {one.name for one in self.folder.iterdir()} - BEGUN
        return self.fresh and not worked and not kept and not any(self.checkpoints.iterdir())
