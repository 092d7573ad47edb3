"""The rows of the probe stand for all rows, and what is remembered is read there as the run will read it."""

import random
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from types import SimpleNamespace

import pytest

from overtone.core.example import Example
from overtone.decide.rival import Materials
from overtone.engine.features import embed
from overtone.engine.remember import open_store, remembering
from overtone.job.deciding import probe as probe_module
from overtone.job.deciding.foreseen import Foreseen
from overtone.job.deciding.in_turn import characters, in_turn
from overtone.job.deciding.probe import Borrowing, Few
from overtone.job.deciding.spent import Spent
from overtone.models.base import load_base


@pytest.fixture(scope="module")
def labelled() -> list[Example]:
    """Of three classes, one of which has long rows; the ids say nothing."""
    draw = random.Random(0)
    sizes = [
        (name, size) for name, longest in (("a", 30), ("b", 60), ("c", 400)) for size in range(1, longest)
    ]
    return [Example(str(draw.random()), text="x" * size, labels=(name,)) for name, size in sizes]


@pytest.mark.parametrize("window", [slice(16), slice(16, 32), slice(32, 96)])
def test_any_few_rows_in_a_row_have_the_lengths_of_all(labelled, window) -> None:
    rows = [Example(row.id, text=row.text, labels=("one",)) for row in labelled]
    few, every = ([len(row.text) for row in one] for one in (in_turn(rows, 96)[window], rows))
    assert mean(few) == pytest.approx(mean(every), rel=0.08)
    for share in (0.25, 0.5, 0.75):
        limit = sorted(every)[int(share * len(every))]
        assert mean(size < limit for size in few) == pytest.approx(share, abs=0.08)


def test_classes_take_turns_and_no_row_comes_twice(labelled) -> None:
    found = in_turn(labelled, 60)
    assert len({row.id for row in found}) == 60
    for turn in range(20):
        assert {row.labels for row in found[3 * turn : 3 * turn + 3]} == {("a",), ("b",), ("c",)}
    assert len(in_turn(labelled, 10_000)) == len(labelled)


def test_the_order_of_a_file_changes_nothing(labelled) -> None:
    mixed = random.Random(1).sample(labelled, len(labelled))
    assert in_turn(mixed, 40) == in_turn(labelled, 40)


def test_all_that_is_read_and_wanted_counts() -> None:
    assert characters([Example("1", text="four"), Example("2", text="five", choices=("a", "bc"))]) == 11
    assert characters([]) == 1


def test_what_the_user_s_store_holds_is_read_and_nothing_is_written_to_it(
    small_base: Callable[[str], Path], tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("OVERTONE_CACHE", str(tmp_path / "own"))
    base, known, new = load_base(str(small_base("bert"))), ["sun one", "rain two"], ["wind three"]
    with remembering(open_store()):
        embed(base, known)
    before = contents(tmp_path / "own")
    store = Borrowing(tmp_path / "borrowed", 10**9)
    with remembering(store):
        embed(base, known)
        assert (store.account.hits, store.account.misses) == (2, 0)
        embed(base, new)
        assert (store.account.hits, store.account.misses) == (2, 1)
    again = Borrowing(tmp_path / "borrowed", 10**9)
    with remembering(again):
        embed(base, new)
    assert again.account.hits == 1
    assert contents(tmp_path / "own") == before


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_memory_is_what_is_trained_with_and_answered_with_but_not_what_stays_loaded(monkeypatch) -> None:
    """500 MB at the most, of which 120 stay for whatever follows; 40 will be compiled, answering takes 30 more."""
    found = Foreseen(Spent(), kept=1, most=2, weights=3, further=40.0)
    monkeypatch.setattr(
        probe_module,
        "PeakMemory",
        lambda: SimpleNamespace(megabytes=lambda: 500.0, megabytes_left=lambda: 120.0),
    )
    monkeypatch.setattr(probe_module, "TrainingProbe", lambda *_: SimpleNamespace(found=found, took=Spent()))
    monkeypatch.setattr(probe_module, "_answers", lambda *_: (Spent(work=1.0, seconds=1.0, cpu=1.0), 30.0))
    monkeypatch.setattr(probe_module, "_wanted_tokens", lambda *_: None)
    rows = (Example("1", text="rain"),)
    rival = SimpleNamespace(key="fine_tune", prepare=lambda _: object())
    work = SimpleNamespace(tuner=None, data=SimpleNamespace(train=rows, test=rows))
    part = Few(Materials.__new__(Materials), 1.0)
    monkeypatch.setattr(probe_module, "replace", lambda materials, **_: materials)
    told = probe_module._tuned(rival, work, [part])  # type: ignore[arg-type]
    assert (told.megabytes, told.kept, told.most, told.weights) == (450.0, 1, 2, 3)
