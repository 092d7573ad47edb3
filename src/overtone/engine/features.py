"""Frozen features: one vector a text, from a base that does not learn."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of, shares_beginnings
from overtone.engine.pack import pack
from overtone.engine.pooling import pooled
from overtone.engine.remember import Recipe, Row, Values, current_store, make_recipe, remembered
from overtone.engine.rest import at_rest
from overtone.models.base import Base
from overtone.models.text import encode_text

BATCH_TOKENS = 2048


def embed(base: Base, texts: Sequence[str], batch_tokens: int = BATCH_TOKENS) -> Any:
    """Mean-pooled last hidden states of unit length: a float32 array (texts, hidden).

    A text longer than the context is embedded from its first `context` tokens, as encoders commonly do.
    """
    rows = [encode_text(base, text)[: base.description.context] for text in texts]
    vectors = FrozenFeatures(base.description.name, base.model, "mean", batch_tokens).of(rows)
    return torch.nn.functional.normalize(vectors, dim=-1).numpy()


class FrozenFeatures:
    """Features of rows under a body that does not change while this object is in use.

    Each row is computed, or read where a store is current, once; it then stays in main memory. `name` is what people
    call the base. The body runs without dropout.
    """

    def __init__(self, name: str, body: Any, pooling: str, batch_tokens: int = BATCH_TOKENS) -> None:
        self.name, self.body, self.pooling, self.batch_tokens = name, body, pooling, batch_tokens
        self._places: dict[Row, int] = {}
        self._vectors = torch.zeros(0, plain(body).config.hidden_size)

    def of(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """One vector a row, in main memory: (rows, hidden)."""
        asked = [tuple(row) for row in rows]
        new = [row for row in dict.fromkeys(asked) if row not in self._places]
        if new:
            self._take(new)
        store = current_store()
        if store is not None:
            store.account.hits += len(asked) - len(new)
        return self._vectors[[self._places[row] for row in asked]]

    @torch.no_grad()
    def _take(self, new: Sequence[Row]) -> None:
        share = shares_beginnings(self.body)
        found = remembered(
            current_store(), lambda: self._recipe, new, self._compute, self.batch_tokens, share
        )
        self._places |= {row: len(self._vectors) + place for place, row in enumerate(new)}
        self._vectors = torch.cat([self._vectors, *found])

    @cached_property
    def _recipe(self) -> Recipe:
        layout, settings = layout_of(self.body).name, {"pooling": self.pooling}
        return make_recipe(self.name, plain(self.body), "features", settings, layout)

    def _compute(self, rows: Sequence[Row]) -> Values:
        with at_rest(plain(self.body)):
            vectors = pooled(self.body, pack(rows, shares_beginnings(self.body)), self.pooling)
        return Values(vectors, [range(row, row + 1) for row in range(len(rows))])
