"""One call's way through the store: find the rows' chunks, read them, compute and keep those that are not there."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from overtone.engine.remember.account import Account
from overtone.engine.remember.ledger import Chunk, Place
from overtone.engine.remember.recipe import Recipe
from overtone.engine.remember.store import Store
from overtone.engine.remember.values import Damaged, Kept, Row, Values

if TYPE_CHECKING:
    from torch import Tensor

Compute = Callable[[Sequence[Row]], Values]  # of the rows of one chunk, in that order
Group = Callable[[Sequence[Row]], Sequence[Sequence[int]]]  # indexes of the rows of each chunk
OVERHEAD_BYTES = 4096  # of a chunk beside its values: header, places, rows, its share of the ledger
DAMAGED = "Remembered values were damaged; they are computed again."
OTHER_BITS = (
    "Evicted values, computed again, have other bits: this device does not repeat its results exactly."
)
TOO_SMALL = (
    "The limit of remembered work is smaller than one chunk of it; such chunks are computed each time."
)


def computed(compute: Compute, rows: Sequence[Row], account: Account) -> tuple[Values, float]:
    """Values of rows in main memory, and the seconds that took; both counted."""
    start = time.perf_counter()
    values = compute(rows).cpu()
    seconds = time.perf_counter() - start
    account.computed += len(rows)
    account.seconds += seconds
    return values, seconds


class Reading:
    """Results of rows from a store; `group` says which new rows are computed together."""

    def __init__(self, store: Store, recipe: Recipe, compute: Compute, group: Group) -> None:
        self.store, self.recipe, self.compute, self.group = store, recipe, compute, group
        self.book = store.book(recipe)

    def results(self, rows: Sequence[Row]) -> "dict[Row, Tensor]":
        """Results of the rows, less those that could not get a place for trouble with the disk."""
        for recover in (self.store.reopen, self.store.renew, None):
            try:
                return self._results(rows)
            except (Damaged, sqlite3.DatabaseError) as trouble:
                if recover is None or isinstance(
                    trouble, sqlite3.OperationalError
                ):  # full, locked, read only
                    self.store.stop(trouble)
                    break
                self.book = recover(self.recipe)
        return {}

    def _results(self, rows: Sequence[Row]) -> "dict[Row, Tensor]":
        places = self.places(rows)
        waiting: dict[str, list[Row]] = {}
        for row, place in places.items():
            waiting.setdefault(place.chunk, []).append(row)
        results: dict[Row, Tensor] = {}
        for wait in (False, True):  # what another process computes now is left to the end, then waited for
            for chunk, members in list(waiting.items()):
                values = self._take(chunk, members, wait)
                if values is not None:
                    results |= {row: values.of(places[row].position) for row in members}
                    del waiting[chunk]
        return results

    def places(self, rows: Sequence[Row]) -> dict[Row, Place]:
        """Where each row's results stand or will stand; rows that got no place for trouble with the disk are absent."""
        places: dict[Row, Place] = {}
        try:
            places = self.book.find(rows)
            missing = [row for row in rows if row not in places]
            if missing and self.store.writes:
                places |= self.book.plan(missing, self.group)
        except (OSError, sqlite3.OperationalError) as trouble:
            self.store.stop(trouble)
        return places

    def _take(self, chunk: str, rows: Sequence[Row], wait: bool) -> Values | None:
        """A chunk's values; None where another process is computing them and we do not wait for it."""
        kept = self._read(chunk, rows)
        if kept is not None:
            return self._hit(kept, chunk, rows)
        with self._right(chunk, wait) as ours:
            if not ours:
                return None
            kept = self._read(chunk, rows)  # another process may have been faster
            return self._hit(kept, chunk, rows) if kept is not None else self._miss(chunk, rows)

    def _right(self, chunk: str, wait: bool) -> contextlib.AbstractContextManager[bool]:
        return self.book.computing(chunk, wait) if self.store.writes else contextlib.nullcontext(True)

    def _read(self, chunk: str, rows: Sequence[Row]) -> Kept | None:
        try:
            return self.book.read(chunk, rows)
        except Damaged:
            self.store.damaged(DAMAGED)
            with contextlib.suppress(OSError):  # a folder that may only be read
                self.book.discard(chunk)
            return None

    def _hit(self, kept: Kept, chunk: str, rows: Sequence[Row]) -> Values:
        account, share = self.store.account, len(rows) / len(kept.rows)
        account.hits += len(rows)
        account.bytes_read += round(share * kept.values.values.nbytes)
        account.spared_seconds += share * kept.seconds
        self.book.counted.hits += len(rows)
        return kept.values

    def _miss(self, chunk: str, rows: Sequence[Row]) -> Values:
        """Compute a chunk with all of its rows, keep it, and read it back."""
        known = self.book.members(chunk, rows)
        values, seconds = computed(self.compute, known.rows, self.store.account)
        self.store.account.misses += len(rows)
        self.book.counted.misses += len(rows)
        self._keep(chunk, known, values, seconds)
        kept = self._read(chunk, rows)
        return values if kept is None else kept.values

    def _keep(self, chunk: str, known: Chunk, values: Values, seconds: float) -> None:
        size = values.values.nbytes + OVERHEAD_BYTES
        if not self.store.writes:
            return
        try:
            if not self.store.bound.admit(size):
                self.store.tell(TOO_SMALL)
                return
            if not self.book.write(chunk, known, values, seconds):
                self.store.tell(OTHER_BITS)
            self.store.account.bytes_written += values.values.nbytes
        except (OSError, sqlite3.OperationalError) as trouble:
            self.store.stop(trouble)
