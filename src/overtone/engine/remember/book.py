"""The folder of one recipe: its ledger, its files of values, and the locks of those who compute."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from overtone.engine.remember.account import Account
from overtone.engine.remember.bound import touch
from overtone.engine.remember.ledger import Chunk, Ledger, Place, row_digest
from overtone.engine.remember.recipe import Recipe
from overtone.engine.remember.values import Damaged, Kept, Row, Values, read_values, write_values
from overtone.engine.remember.write import write_whole

OPEN_FILES = 4096  # mapped at once for each recipe; systems allow a process some 65,000
RECIPE, LEDGER, LOCKS = "recipe.json", "ledger.sqlite", "locks"


class Book:
    """Remembered work of one recipe; places and open files are kept, for they never change."""

    def __init__(self, root: Path, recipe: Recipe) -> None:
        self.recipe, self.folder = recipe, root / recipe.digest[:32]
        self.ledger = Ledger(self.folder / LEDGER)
        self.counted = Account()  # hits and misses that the ledger does not know yet
        self._places: dict[Row, Place] = {}
        self._open: dict[str, Kept] = {}

    def find(self, rows: Sequence[Row]) -> dict[Row, Place]:
        """The places of those rows that are known."""
        unseen = [row for row in rows if row not in self._places]
        self._places |= self.ledger.find(unseen) if unseen else {}
        return {row: self._places[row] for row in rows if row in self._places}

    def plan(
        self, rows: Sequence[Row], group: Callable[[Sequence[Row]], Sequence[Sequence[int]]]
    ) -> dict[Row, Place]:
        """A place for every row, see `Ledger.plan`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / RECIPE).exists():
            described = json.dumps(asdict(self.recipe), indent=2, sort_keys=True)
            write_whole(self.folder / RECIPE, described.encode())
        found = self.ledger.plan(rows, group)
        self._places |= found
        return found

    def read(self, chunk: str, rows: Sequence[Row]) -> Kept | None:
        """The values of a chunk, or None where there are none.

        Damaged where their bytes were changed, or where they are not those of `rows`, which should stand there.
        """
        if chunk not in self._open:
            kept = read_values(self.path(chunk))
            if kept is None:
                return None
            if len(self._open) >= OPEN_FILES:
                del self._open[next(iter(self._open))]
            self._open[chunk] = kept
        touch(self.path(chunk))
        kept = self._open[chunk]
        for row in rows:
            if kept.rows[self._places[row].position : self._places[row].position + 1] != [row_digest(row)]:
                raise Damaged("the rows of the values are others")
        return kept

    def members(self, chunk: str, rows: Sequence[Row]) -> Chunk:
        """All rows of a chunk; Damaged where `rows` do not stand at their places in it."""
        known = self.ledger.chunk(chunk)
        for row in rows:
            if known.rows[self._places[row].position : self._places[row].position + 1] != (row,):
                raise Damaged("the rows of a chunk are others")
        return known

    def write(self, chunk: str, known: Chunk, values: Values, seconds: float) -> bool:
        """Keep a chunk's values; returns whether they have the bits of the first time."""
        kept = Kept(values, [row_digest(row) for row in known.rows], seconds)
        checksum = write_values(self.path(chunk), kept)
        if not known.checksum:
            self.ledger.note(chunk, checksum)
        return known.checksum in ("", checksum)

    def discard(self, chunk: str) -> None:
        """Delete a chunk's values."""
        self._open.pop(chunk, None)
        self.path(chunk).unlink(missing_ok=True)

    def path(self, chunk: str) -> Path:
        """The file of a chunk's values."""
        return self.folder / f"{chunk}.safetensors"

    @contextmanager
    def computing(self, chunk: str, wait: bool) -> Iterator[bool]:
        """Hold the right to compute a chunk, one process at a time; yields whether it was had.

        One byte of a lock file stands for a chunk. The system drops a lock when its process ends. Where files
        cannot be locked everyone has the right: two processes then do the same work and get the same bits.
        """
        try:
            descriptor = os.open(self.folder / LOCKS, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            yield True
            return
        try:
            yield _lock(descriptor, int(chunk[:15], 16), wait)
        finally:
            os.close(descriptor)


def _lock(descriptor: int, byte: int, wait: bool) -> bool:
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB), 1, byte)
    except (BlockingIOError, PermissionError):  # held by another process
        return False
    except OSError:
        return True
    return True
