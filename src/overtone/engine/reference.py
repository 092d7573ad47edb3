"""The reference: how likely the base found each answer before it was trained. Worked out once, then remembered."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of, shares_beginnings
from overtone.engine.remember import Values, current_store, make_recipe, remembered
from overtone.engine.row import Row
from overtone.engine.totals import total_log_probabilities

Key = Sequence[int]  # the tokens of an answer with its prompt, then for each whether it is learned
BATCH_TOKENS = 2048


@torch.no_grad()
def with_references(name: str, body: Any, rows: Sequence[Row], batch_tokens: int = BATCH_TOKENS) -> list[Row]:
    """The rows with the log-probability of the learned tokens of each of their answers under `body`.

    Remembered where a store is current; `name` is what people call the base. What is computed together is a
    function of the rows alone, so the same rows and body give the same bits again.
    """
    body.eval()
    model = plain(body)
    found = remembered(
        current_store(),
        lambda: make_recipe(name, model, "log-probabilities of answers", {}, layout_of(model).name),
        [(*answer.tokens, *map(int, answer.learned)) for row in rows for answer in row.answers],
        partial(_totals, body),
        2 * batch_tokens,  # a key is twice as long as its tokens
        shares_beginnings(model),
    )
    totals = iter(found)
    return [_referenced(row, [next(totals).item() for _ in row.answers]) for row in rows]


def _totals(body: Any, keys: Sequence[Key]) -> Values:
    """One number for each key: (keys,)."""
    rows = [Row(tuple(key[: len(key) // 2]), tuple(map(bool, key[len(key) // 2 :]))) for key in keys]
    return Values(total_log_probabilities(body, rows), [range(row, row + 1) for row in range(len(rows))])


def _referenced(row: Row, references: Sequence[float]) -> Row:
    """The row with a reference for itself and, in a pair, for the rejected answer."""
    first, *others = references
    rejected = replace(row.rejected, reference=others[0]) if row.rejected else None
    return replace(row, rejected=rejected, reference=first)
