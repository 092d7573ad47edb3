"""The face of the store: results of rows, read where they are remembered, computed and kept where not."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from overtone.engine.batches import in_batches
from overtone.engine.remember.account import Account
from overtone.engine.remember.reading import Compute, Reading, computed
from overtone.engine.remember.recipe import Recipe
from overtone.engine.remember.store import Store
from overtone.engine.remember.values import Damaged, Row, Values

if TYPE_CHECKING:
    from torch import Tensor

CHUNK_TOKENS = 2048  # of one computation: long enough for fast products, short enough to be cheap to repeat


def foresee(
    store: Store, recipe: Recipe, rows: Iterable[Row], chunk_tokens: int = CHUNK_TOKENS, share: bool = False
) -> None:
    """Give rows their chunks before the first is asked for: a row's companions are then the same in every run.

    What goes wrong with the disk here is told when the rows are asked for.
    """
    wanted = list(dict.fromkeys(tuple(row) for row in rows))
    group = partial(in_batches, batch_tokens=chunk_tokens, share=share)
    with suppress(Damaged, sqlite3.DatabaseError, OSError):
        Reading(store, recipe, _never, group).places(wanted)


def _never(rows: object) -> Values:
    raise AssertionError("nothing is computed before it is asked for")


def remembered(
    store: Store | None,
    recipe: Callable[[], Recipe],
    rows: Iterable[Row],
    compute: Compute,
    chunk_tokens: int = CHUNK_TOKENS,
    share: bool = False,
) -> "list[Tensor]":
    """The result of each row, (places, ...) in main memory, equal rows computed once.

    The bits are the same whether a result is computed now, read, or computed again after its eviction, for a
    row is always computed in the same chunk of rows. Without a store the rows are computed, nothing is kept, and
    the recipe is not asked for. `share` puts rows that begin alike into one chunk.
    """
    asked = [tuple(row) for row in rows]
    wanted = list(dict.fromkeys(asked))
    group = partial(in_batches, batch_tokens=chunk_tokens, share=share)
    results = Reading(store, recipe(), compute, group).results(wanted) if store is not None else {}
    rest = [row for row in wanted if row not in results]
    account = store.account if store is not None else Account()
    account.misses += len(rest)
    for indexes in group(rest):
        members = [rest[index] for index in indexes]
        values, _ = computed(compute, members, account)
        results |= {row: values.of(at) for at, row in enumerate(members)}
    return [results[row] for row in asked]
