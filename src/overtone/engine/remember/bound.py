"""Keeping the store within its limit: the values used longest ago go first."""

import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

VALUES, LEDGER = "*/*.safetensors", "*/ledger.sqlite"
ROOM_LEFT = 0.1  # share of the limit that an eviction makes free, so that not every chunk needs one
LEDGERS = 0.1  # share of the limit that ledgers may take, evicted values' among them
UNSEEN = 0.01  # share of the limit that a process writes before it looks what others have written
LEFT_BEHIND_SECONDS = 3600.0  # age at which an unfinished file is that of a killed process


@dataclass
class Bound:
    """The room of one store folder, as one process knows it."""

    folder: Path
    limit: int
    known: int = -1  # bytes there at the last look, all processes' together
    written: int = 0  # by this process since

    def admit(self, size: int) -> bool:
        """Whether so many bytes may be written now; makes room for them where there is none."""
        if size > self.limit * (1 - ROOM_LEFT):
            return False
        if (
            self.known < 0
            or self.written > self.limit * UNSEEN
            or self.known + self.written + size > self.limit
        ):
            self.known, self.written = make_room(self.folder, self.limit, size), 0
        self.written += size
        return True


def make_room(folder: Path, limit: int, size: int) -> int:
    """Evict what was used longest ago where `size` more bytes would pass the limit; returns the bytes that stay."""
    _sweep(folder)
    _forget(folder, limit * LEDGERS)
    total = sum(_size(path) for path in folder.glob(LEDGER))
    values = sorted((status.st_mtime, status.st_size, path) for path, status in _statuses(folder))
    total += sum(entry[1] for entry in values)
    if total + size <= limit:
        return total
    for _, bytes_there, path in values:
        if total + size <= limit * (1 - ROOM_LEFT):
            break
        path.unlink(missing_ok=True)
        total -= bytes_there
    return total


def touch(path: Path) -> None:
    """Say that a file is in use now."""
    with contextlib.suppress(OSError):  # evicted, or in a folder that may only be read
        os.utime(path)


def _statuses(folder: Path) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in folder.glob(VALUES):
        with contextlib.suppress(FileNotFoundError):
            found.append((path, path.stat()))
    return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sweep(folder: Path) -> None:
    """Delete what processes that were killed while writing left behind."""
    for path in folder.glob("*/*.tmp"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                path.unlink(missing_ok=True)


def _forget(folder: Path, limit: float) -> None:
    """Delete whole recipes, those used longest ago first, while the ledgers of all together pass their share.

    The one used last stays, whatever its size.
    """
    ledgers = sorted(folder.glob(LEDGER), key=lambda path: path.stat().st_mtime if path.exists() else 0)
    total = sum(map(_size, ledgers))
    for path in ledgers[:-1]:
        if total <= limit:
            return
        total -= _size(path)
        shutil.rmtree(path.parent, ignore_errors=True)
