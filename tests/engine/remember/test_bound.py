"""The limit holds, and what was used longest ago goes first."""

import os

import torch

from overtone.engine.remember import Values, remembered
from overtone.engine.remember.bound import make_room
from tests.engine.remember.conftest import ROWS

KILOBYTES = [(number,) for number in range(200)]


def wide(rows):
    """Some ten kilobytes a row."""
    return Values.one_each([torch.full((1, 2500), float(row[0])) for row in rows])


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_store_never_passes_its_limit(open_again, recipe):
    store = open_again(limit=500_000)
    for row in KILOBYTES:
        found = remembered(store, lambda: recipe, [row], wide)
        assert torch.equal(found[0], wide([row]).values)
        assert size(store.folder) <= 500_000
    assert len(list(store.folder.glob("*/*.safetensors"))) > 20


def test_what_was_used_longest_ago_goes_first(open_again, recipe):
    store = open_again()
    for row in KILOBYTES[:10]:
        remembered(store, lambda: recipe, [row], wide)
    for path in store.folder.glob("*/*.safetensors"):
        os.utime(path, (1, 1))
    recent = open_again()
    remembered(recent, lambda: recipe, KILOBYTES[2:4], lambda _: 1 / 0)
    make_room(store.folder, limit=70_000, size=0)
    last = open_again()
    remembered(last, lambda: recipe, KILOBYTES[2:4], lambda _: 1 / 0)
    assert last.account.hits == 2
    assert 2 <= len(list(store.folder.glob("*/*.safetensors"))) < 6


def test_a_chunk_greater_than_the_limit_is_computed_each_time(open_again, recipe, said):
    store = open_again(limit=9_000)
    for _ in range(2):
        assert torch.equal(remembered(store, lambda: recipe, [(7,)], wide)[0], wide([(7,)]).values)
    assert store.account.misses == 2
    assert len(said) == 1
    assert store.writes


def test_recipes_whose_ledgers_take_too_much_are_forgotten_whole(open_again, recipe, worker):
    from dataclasses import replace

    store = open_again()
    recipes = [replace(recipe, base=str(number)) for number in range(5)]
    for number, one in enumerate(recipes):
        remembered(store, lambda one=one: one, ROWS, worker)
        os.utime(store.book(one).ledger.path, (number, number))
    ledger = store.book(recipe).ledger.path.name
    each = store.book(recipes[0]).ledger.path.stat().st_size
    make_room(store.folder, limit=each * 2 * 10, size=0)
    assert len(list(store.folder.glob(f"*/{ledger}"))) == 2
    assert store.book(recipes[4]).folder.exists()
    assert not store.book(recipes[0]).folder.exists()
