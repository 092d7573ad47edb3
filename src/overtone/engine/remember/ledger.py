"""Which rows are computed together: a small database that outlives the values and is shared by processes.

A row belongs to one chunk for good, from before it is first computed. So whoever computes the chunk, whenever,
computes the same rows in the same order and gets the same bits, although a product's bits depend on its batch.
"""

import hashlib
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from overtone.engine.remember.values import Damaged, Row

WAIT_SECONDS = 30.0  # for another process that plans
ASKED_AT_ONCE = 500  # rows in one query; the library allows 999 at least
TABLES = """
CREATE TABLE IF NOT EXISTS chunk (
    digest TEXT PRIMARY KEY, tokens BLOB, lengths BLOB, checksum TEXT DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS place (row BLOB PRIMARY KEY, chunk TEXT, position INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS served (hits INTEGER, misses INTEGER);
INSERT INTO served SELECT 0, 0 WHERE NOT EXISTS (SELECT * FROM served);
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row's values stand: in which chunk, and as which of its rows."""

    chunk: str
    position: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that are computed together; `checksum` is that of their values when first computed."""

    rows: tuple[tuple[int, ...], ...]
    checksum: str


class Ledger:
    """The rows and chunks of one recipe. Every method opens the database anew, as threads and forks need."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, rows: Sequence[Row]) -> dict[Row, Place]:
        """The places of those rows that have one."""
        if not self.path.exists() or not self.path.stat().st_size:  # not begun
            return {}
        with self._open() as database:
            return _find(database, rows)

    def plan(
        self, rows: Sequence[Row], group: Callable[[Sequence[Row]], Sequence[Sequence[int]]]
    ) -> dict[Row, Place]:
        """A place for every row; those without one are grouped into new chunks, in one step for all processes."""
        with self._open(write=True) as database:
            found = _find(database, rows)
            fresh = [row for row in rows if row not in found]
            for indexes in group(fresh) if fresh else ():
                found |= _add(database, [fresh[index] for index in indexes])
            return found

    def chunk(self, digest: str) -> Chunk:
        """The rows of a chunk; Damaged where it is unknown or was changed."""
        with self._open() as database:
            query = "SELECT tokens, lengths, checksum FROM chunk WHERE digest = ?"
            found = database.execute(query, (digest,)).fetchone()
        if found is None or _digest(found[0], found[1]) != digest:
            raise Damaged("the rows of a chunk are lost")
        tokens, ends = iter(_numbers(found[0])), _numbers(found[1])
        rows = tuple(tuple(next(tokens) for _ in range(length)) for length in ends)
        return Chunk(rows, found[2])

    def note(self, digest: str, checksum: str) -> None:
        """Keep the checksum of what a chunk's first computation gave."""
        with self._open(write=True) as database:
            database.execute("UPDATE chunk SET checksum = ? WHERE digest = ?", (checksum, digest))

    def count(self, hits: int, misses: int) -> None:
        """Add to the rows served so far."""
        with self._open(write=True) as database:
            database.execute("UPDATE served SET hits = hits + ?, misses = misses + ?", (hits, misses))

    def served(self) -> Mapping[str, int]:
        """Rows known, and rows served and computed so far by all processes."""
        with self._open() as database:
            rows = database.execute("SELECT count(*) FROM place").fetchone()[0]
            hits, misses = database.execute("SELECT hits, misses FROM served").fetchone()
        return {"rows": rows, "hits": hits, "misses": misses}

    @contextmanager
    def _open(self, write: bool = False) -> Iterator[sqlite3.Connection]:
        """No sync: every answer is checked against digests, so that a power cut costs work and no bit."""
        mode = "rwc" if write else "rw"  # not "ro": what a killed writer left half done must be rolled back
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(address, WAIT_SECONDS, isolation_level=None, uri=True)
        with closing(connection):
            if not write:
                yield connection
                return
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                _create(connection)
            yield connection
            connection.execute("COMMIT")


def _create(database: sqlite3.Connection) -> None:
    for command in filter(str.strip, TABLES.split(";")):
        database.execute(command)


def _find(database: sqlite3.Connection, rows: Sequence[Row]) -> dict[Row, Place]:
    by_digest = {row_digest(row): row for row in rows}
    digests, found = list(by_digest), dict[Row, Place]()
    for start in range(0, len(digests), ASKED_AT_ONCE):
        asked = digests[start : start + ASKED_AT_ONCE]
        marks = ",".join("?" * len(asked))
        query = f"SELECT row, chunk, position FROM place WHERE row IN ({marks})"
        found |= {by_digest[row]: Place(chunk, at) for row, chunk, at in database.execute(query, asked)}
    return found


def _add(database: sqlite3.Connection, rows: Sequence[Row]) -> dict[Row, Place]:
    tokens = array("i", [token for row in rows for token in row]).tobytes()
    lengths = array("i", [len(row) for row in rows]).tobytes()
    digest = _digest(tokens, lengths)
    database.execute(
        "INSERT INTO chunk (digest, tokens, lengths) VALUES (?, ?, ?)", (digest, tokens, lengths)
    )
    places = [(row_digest(row), digest, position) for position, row in enumerate(rows)]
    database.executemany("INSERT INTO place VALUES (?, ?, ?)", places)
    return {row: Place(digest, position) for position, row in enumerate(rows)}


def row_digest(row: Iterable[int]) -> bytes:
    """What stands for a row: 16 bytes over its numbers."""
    return hashlib.blake2b(array("i", row).tobytes(), digest_size=16).digest()


def _digest(tokens: bytes, lengths: bytes) -> str:
    return hashlib.sha256(len(lengths).to_bytes(8, "little") + lengths + tokens).hexdigest()[:32]


def _numbers(stored: bytes) -> list[int]:
    numbers = array("i")
    numbers.frombytes(stored)
    return numbers.tolist()
