"""What is read is what was computed, to the bit: again, in other company, after eviction, after damage."""

import sqlite3
import time

import pytest
import torch

from overtone.engine.remember import (
    Values,
    current_store,
    open_store,
    remembered,
    remembering,
    spared_seconds,
)
from overtone.engine.remember.bound import make_room
from tests.engine.remember.conftest import ROWS, Worker


def equal(first, second):
    return len(first) == len(second) and all(map(torch.equal, first, second))


def values_files(store):
    return sorted(store.folder.glob("*/*.safetensors"))


def test_rows_are_computed_once_and_read_to_the_bit(open_again, recipe, worker):
    store = open_again()
    first = remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=40)
    assert worker.calls > 5
    assert sorted(worker.rows) == sorted(ROWS)
    again = open_again()
    assert equal(remembered(again, lambda: recipe, ROWS, worker, chunk_tokens=40), first)
    assert len(worker.rows) == len(ROWS)
    assert (store.account.hits, store.account.misses) == (0, len(ROWS))
    assert (again.account.hits, again.account.misses, again.account.computed) == (len(ROWS), 0, 0)
    assert again.account.bytes_read == store.account.bytes_written == sum(map(len, ROWS)) * 3 * 4


def test_other_company_and_order_change_no_bit(open_again, recipe, worker):
    first = dict(
        zip(ROWS, remembered(open_again(), lambda: recipe, ROWS, worker, chunk_tokens=40), strict=True)
    )
    assert not equal(worker([ROWS[0]]).values, first[ROWS[0]]), "the fake must depend on company"
    asked = [ROWS[5], (1, 2, 3), ROWS[0], ROWS[5]]
    store = open_again()
    found = remembered(store, lambda: recipe, asked, worker)
    assert equal([found[0], found[2], found[3]], [first[ROWS[5]], first[ROWS[0]], first[ROWS[5]]])
    assert (store.account.hits, store.account.misses) == (2, 1)


@pytest.mark.parametrize("fresh", [True, False])
def test_eviction_changes_no_bit(open_again, recipe, worker, fresh):
    store = open_again()
    first = remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=40)
    kept = [result.clone() for result in first]
    make_room(store.folder, limit=0, size=1)
    assert not values_files(store)
    assert equal(first, kept), "what is mapped stays"
    again = open_again() if fresh else store
    asked = ROWS[::-3]
    found = remembered(again, lambda: recipe, asked, worker, chunk_tokens=7)
    assert equal(found, [kept[ROWS.index(row)] for row in asked])
    assert again.account.misses == (len(asked) if fresh else len(ROWS))


def test_without_a_store_rows_are_computed_and_nothing_is_kept(recipe, worker, tmp_path):
    found = remembered(None, lambda: recipe, [ROWS[3], ROWS[3], ROWS[4]], worker)
    assert [len(result) for result in found] == [len(ROWS[3]), len(ROWS[3]), len(ROWS[4])]
    assert worker.rows == [ROWS[3], ROWS[4]] or worker.rows == [ROWS[4], ROWS[3]]
    assert not list(tmp_path.iterdir())


def test_no_rows_and_rows_without_tokens(open_again, recipe, worker):
    assert remembered(open_again(), lambda: recipe, [], worker) == []
    found = remembered(open_again(), lambda: recipe, [(), (1, 2)], worker)
    assert [tuple(result.shape) for result in found] == [(0, 3), (2, 3)]


def test_what_rows_share_is_kept_once(open_again, recipe):
    """Two rows of a common beginning: five places for seven tokens."""
    tree = Values(torch.arange(10.0).view(5, 2), [[0, 1, 2, 3], [0, 1, 4]])
    rows = [(7, 7, 1, 2), (7, 7, 3)]
    computed = remembered(open_again(), lambda: recipe, rows, lambda _: tree)
    assert equal(computed, [tree.values[:4], tree.values[[0, 1, 4]]])
    store = open_again()
    assert equal(remembered(store, lambda: recipe, rows, lambda _: 1 / 0), computed)
    assert values_files(store)[0].stat().st_size < 600


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64, torch.float16])
def test_any_type_is_read_as_it_was(open_again, recipe, dtype):
    values = Values.one_each([torch.randn(3, 4).mul(100).to(dtype), torch.randn(2, 4).to(dtype)])
    rows = [(1,), (2,)]
    for store in (open_again(), open_again()):
        found = remembered(store, lambda: recipe, rows, lambda _: values)
        assert equal(found, [values.of(0), values.of(1)])
        assert found[0].dtype == dtype


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"\xff" * len(data),
        lambda data: data.replace(b'"F32"', b'"I32"'),
    ],
    ids=["one bit", "cut", "empty", "other bytes", "other type"],
)
def test_damaged_values_are_computed_again_with_one_word(open_again, recipe, worker, said, spoil):
    store = open_again()
    first = [result.clone() for result in remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=40)]
    for path in values_files(store):
        path.write_bytes(spoil(path.read_bytes()))
    again = open_again()
    assert equal(remembered(again, lambda: recipe, ROWS, worker, chunk_tokens=40), first)
    assert again.account.damaged == len(values_files(store)) > 1
    assert len(said) == 1
    assert "damaged" in said[0]
    assert equal(remembered(open_again(), lambda: recipe, ROWS, lambda _: 1 / 0), first)


def test_values_of_other_rows_are_not_believed(open_again, recipe, worker):
    store = open_again()
    first = [result.clone() for result in remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=40)]
    one, other = values_files(store)[:2]
    other.write_bytes(one.read_bytes())
    again = open_again()
    assert equal(remembered(again, lambda: recipe, ROWS, worker, chunk_tokens=40), first)
    assert again.account.damaged == 1


@pytest.mark.parametrize("contents", [b"", b"no database", b"SQLite format 3\x00" + b"\x07" * 9000])
def test_a_damaged_ledger_is_begun_anew(open_again, recipe, worker, said, contents):
    store = open_again()
    remembered(store, lambda: recipe, ROWS, worker)
    store.book(recipe).ledger.path.write_bytes(contents)
    again = open_again()
    found = remembered(again, lambda: recipe, ROWS, worker)
    assert [len(result) for result in found] == list(map(len, ROWS))
    assert again.writes
    assert again.account.misses == len(ROWS) or not contents
    assert equal(remembered(open_again(), lambda: recipe, ROWS, lambda _: 1 / 0), found)


def test_a_ledger_that_names_the_wrong_place_is_not_believed(open_again, recipe, worker):
    store = open_again()
    remembered(store, lambda: recipe, ROWS, worker)
    with sqlite3.connect(store.book(recipe).ledger.path) as database:
        database.execute("UPDATE place SET position = 0 WHERE position = 1")
    found = remembered(open_again(), lambda: recipe, ROWS, worker)
    plain = remembered(None, lambda: recipe, ROWS, Worker())
    assert equal(found, plain), "begun anew, all rows in one chunk again"


def test_a_store_cleared_by_another_process_goes_on(open_again, recipe, worker):
    import shutil

    store = open_again()
    remembered(store, lambda: recipe, ROWS, worker, chunk_tokens=40)
    shutil.rmtree(store.folder)
    remembered(open_again(), lambda: recipe, ROWS[:9], worker, chunk_tokens=1000)
    store.book(recipe)._open.clear()
    assert len(remembered(store, lambda: recipe, ROWS, worker)) == len(ROWS)
    assert store.writes
    assert store.account.damaged == 0


def test_other_bits_after_eviction_are_told(open_again, recipe, worker, said):
    def restless(rows):
        values = worker(rows)
        return Values(values.values + 1, values.places)

    store = open_again()
    remembered(store, lambda: recipe, ROWS, worker)
    make_room(store.folder, limit=0, size=1)
    assert len(remembered(open_again(), lambda: recipe, ROWS, restless)) == len(ROWS)
    assert len(said) == 1
    assert "other bits" in said[0]


def test_work_at_a_place_knows_its_store(open_again, recipe, worker):
    store = open_again()
    assert current_store() is None
    with remembering(store):
        assert current_store() is store
        remembered(current_store(), lambda: recipe, ROWS, worker)
        remembered(current_store(), lambda: recipe, ROWS, worker)
    assert current_store() is None
    assert store.book(recipe).ledger.served() == {"rows": len(ROWS), "hits": len(ROWS), "misses": len(ROWS)}
    assert store.account.spared_seconds > 0
    assert store.account.told().startswith(
        f"{len(ROWS)} rows of frozen work read, {len(ROWS)} computed; reading"
    )


def test_more_files_than_may_be_open_change_nothing(open_again, recipe, worker, monkeypatch):
    monkeypatch.setattr("overtone.engine.remember.book.OPEN_FILES", 2)
    first = remembered(open_again(), lambda: recipe, ROWS, worker, chunk_tokens=30)
    store = open_again()
    for _ in range(2):
        assert equal(remembered(store, lambda: recipe, ROWS, lambda _: 1 / 0), first)
    assert len(store.book(recipe)._open) == 2


def test_what_is_spared_is_known_where_work_is_timed(open_again, recipe, worker):
    def slow(rows):
        time.sleep(0.01)
        return worker(rows)

    with remembering(open_again()):
        remembered(current_store(), lambda: recipe, ROWS, slow)
        assert spared_seconds() == 0
        remembered(current_store(), lambda: recipe, ROWS[: len(ROWS) // 2], slow)
        assert 0.004 < spared_seconds() < 0.5
    assert spared_seconds() == 0


def test_the_environment_says_where_and_how_much(monkeypatch, tmp_path):
    from overtone.core.errors import UserError
    from overtone.engine.remember.settings import cache_folder

    monkeypatch.setenv("OVERTONE_CACHE", str(tmp_path))
    assert (open_store().folder, open_store().bound.limit) == (tmp_path, 10 * 10**9)
    monkeypatch.setenv("OVERTONE_CACHE_GIGABYTES", "0.5")
    assert open_store().bound.limit == 5 * 10**8
    monkeypatch.setenv("OVERTONE_CACHE_GIGABYTES", "0")
    assert open_store() is None
    for wrong in ("many", "-1", "nan"):
        monkeypatch.setenv("OVERTONE_CACHE_GIGABYTES", wrong)
        with pytest.raises(UserError, match=f"OVERTONE_CACHE_GIGABYTES is '{wrong}'"):
            open_store()
    monkeypatch.delenv("OVERTONE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert str(cache_folder()) == "/somewhere/overtone"
