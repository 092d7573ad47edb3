"""Several processes at once, processes killed in the middle, a full disk, a folder that may only be read."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from overtone.engine.remember import Store, remembered, values
from overtone.engine.remember.bound import LEFT_BEHIND_SECONDS, make_room
from tests.engine.remember.conftest import ROWS, Worker

ROOT = Path(__file__).parents[3]
START = """
import io, os, signal, sys, time
from pathlib import Path
from overtone.engine.remember import Recipe, Store, ledger, remembered
from tests.engine.remember.conftest import ROWS, Worker

folder = Path(sys.argv[1])
recipe = Recipe(name="builtin:fake", base="weights", kind="states", versions={"torch": "1"})
"""
TWO = """
def slow(rows):
    time.sleep(0.03)
    return worker(rows)

for number in range(2):
    if os.fork() == 0:
        store, worker = Store(folder / "store", 10**9), Worker()
        found = remembered(store, lambda: recipe, ROWS, slow, chunk_tokens=30)
        told = f"{len(worker.rows)} {store.account.damaged} {[result.tolist() for result in found]}"
        (folder / f"{number}.txt").write_text(told)
        os._exit(0)
for _ in range(2):
    assert os.wait()[1] == 0
"""
KILLED = """
def pass_moment():
    global moments
    moments -= 1
    if moments == 0:
        os.kill(os.getpid(), signal.SIGKILL)

class Pieces(io.FileIO):
    def write(self, contents):
        for start in range(0, len(contents), 100):
            super().write(contents[start:start + 100])
            pass_moment()

def opened(path, mode="r", *others, **named):
    return Pieces(path, "w") if mode == "wb" else plain_open(path, mode, *others, **named)

def add(database, rows):
    found = plain(database, rows)
    pass_moment()
    return found

plain_open, Path.open = Path.open, opened
plain, ledger._add = ledger._add, add
for moments in range(1, 40):
    if os.fork() == 0:
        remembered(Store(folder / "store", 10**9), lambda: recipe, ROWS[:moments], Worker(), chunk_tokens=30)
        os._exit(0)
    os.wait()
"""


def run(script, folder):
    subprocess.run([sys.executable, "-c", START + script, str(folder)], cwd=ROOT, check=True, timeout=120)


def test_two_processes_compute_each_row_once_and_agree(tmp_path):
    run(TWO, tmp_path)
    said = [(tmp_path / f"{number}.txt").read_text().split(" ", 2) for number in range(2)]
    counts = [int(count) for count, _, _ in said]
    assert sum(counts) == len(ROWS)
    assert min(counts) > 0, "both do a part"
    assert said[0][1:] == said[1][1:]
    assert said[0][1] == "0"


def test_a_killed_writer_leaves_nothing_half_written(tmp_path, recipe):
    """Killed at forty moments, in files and in the ledger; the next process computes what is not whole."""
    run(KILLED, tmp_path)
    folder = tmp_path / "store"
    assert list(folder.glob("*/*.tmp")), "some were killed in the middle of a file"
    store, worker = Store(folder, 10**9), Worker()
    found = remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=30)
    assert (store.account.damaged, store.writes) == (0, True)
    assert 0 < store.account.hits < len(ROWS)
    again = remembered(Store(folder, 10**9), lambda: recipe, ROWS, lambda _: 1 / 0)
    assert all(map(torch.equal, again, found))
    for row, result in zip(ROWS, found, strict=True):
        assert torch.allclose(result, torch.tensor(row)[:, None].float(), atol=20)


def test_what_a_killed_writer_left_is_swept(open_again, recipe, worker):
    store = open_again()
    remembered(store, lambda: recipe, ROWS, worker)
    old, young = (store.book(recipe).folder / f"{name}.safetensors.1.2.tmp" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, time.time() - 2 * LEFT_BEHIND_SECONDS))
    make_room(store.folder, 10**9, 0)
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize("moment", ["values", "ledger"])
def test_a_full_disk_ends_remembering_with_a_word(open_again, recipe, worker, said, monkeypatch, moment):
    def full(*_):
        if moment == "ledger":
            raise sqlite3.OperationalError("database or disk is full")
        raise OSError(errno.ENOSPC, "No space left on device")

    store = open_again()
    early = remembered(store, lambda: recipe, ROWS[:20], worker, chunk_tokens=30)
    if moment == "values":
        monkeypatch.setattr(values, "write_whole", full)
    else:
        monkeypatch.setattr("overtone.engine.remember.ledger._add", full)
    found = remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=30)
    assert all(map(torch.equal, found, early)), "what is there is still read"
    assert len(found) == len(ROWS)
    assert not store.writes
    again = remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=30)
    assert all(map(torch.equal, again, found)), "the same bits in every epoch"
    assert len(said) == 1
    assert "full" in said[0] or "No space left" in said[0]
    assert not list(store.folder.glob("*/*.tmp"))


def test_a_full_disk_in_the_middle_of_a_file_leaves_nothing(open_again, recipe, worker):
    """The file itself runs out of room after some bytes."""
    from resource import RLIMIT_FSIZE, getrlimit, setrlimit

    limits = getrlimit(RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    rows = [tuple(range(3000))]
    store = open_again()
    try:
        setrlimit(RLIMIT_FSIZE, (30_000, limits[1]))
        found = remembered(store, lambda: recipe, rows, worker)
    finally:
        setrlimit(RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert found[0].shape == (3000, 3)
    assert not store.writes
    assert not list(store.folder.glob("*/*.tmp")) + list(store.folder.glob("*/*.safetensors"))


def test_a_folder_that_may_only_be_read_is_read(open_again, recipe, worker, said, monkeypatch):
    first = remembered(open_again(), lambda: recipe, ROWS[:20], worker, chunk_tokens=30)

    def refused(*_, **__):
        raise PermissionError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refused)
    monkeypatch.setattr(os, "utime", refused)
    store = open_again()
    assert all(map(torch.equal, remembered(store, lambda: recipe, ROWS[:20], lambda _: 1 / 0), first))
    assert len(remembered(store, lambda: recipe, ROWS, worker)) == len(ROWS)
    assert len(said) == 1
    assert "Read-only" in said[0]


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path, recipe, worker, said):
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "store", 10**9, said.append)
    assert len(remembered(store, lambda: recipe, ROWS, worker)) == len(ROWS)
    assert len(said) == 1
    assert store.account.misses == len(ROWS)


def test_an_error_of_the_work_itself_is_not_hidden(open_again, recipe, worker):
    def broken(rows):
        raise FileNotFoundError("weights")

    store = open_again()
    with pytest.raises(FileNotFoundError, match="weights"):
        remembered(store, lambda: recipe, ROWS, broken)
    assert store.writes
    assert len(remembered(store, lambda: recipe, ROWS, worker)) == len(ROWS)
