"""The lock of a run: held by a living process, released by its death, so that no stale lock ever stays."""

import fcntl
import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from overtone.core.errors import UserError

ATTEMPTS = 5  # a reader that asks who is alive holds the lock for an instant
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that works on a run."""

    pid: int
    host: str


class Lock:
    """An exclusive lock on a file that also says who holds it. `flock` drops it when the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock and write who we are; UserError with the holder's process id where it is held."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        if not _lock(descriptor, fcntl.LOCK_EX, ATTEMPTS):
            os.close(descriptor)
            raise UserError(_refusal(self.path))
        me = json.dumps({"pid": os.getpid(), "host": platform.node()}).encode()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, me, 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder(path: Path) -> Holder | None:
    """The living process that holds the lock at `path`, or None."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if _lock(descriptor, fcntl.LOCK_SH, attempts=1) else _read(path)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int, attempts: int) -> bool:
    for attempt in range(attempts):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if attempt + 1 < attempts:
                time.sleep(PAUSE_SECONDS)
    return False


def _read(path: Path) -> Holder:
    try:
        return Holder(**json.loads(path.read_text()))
    except (ValueError, TypeError):
        return Holder(pid=0, host="unknown")  # locked an instant ago, its name not yet written


def _refusal(path: Path) -> str:
    who = _read(path)
    return (
        f"The run {path.parent} is being worked on by process {who.pid} on {who.host}. "
        "Wait until it ends, stop it, or give this run another --name."
    )
