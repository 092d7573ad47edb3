"""Frozen features: one vector a text, from a base that does not learn."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from overtone.engine.hidden import plain
from overtone.engine.layout import layout_of, shares_beginnings
from overtone.engine.pack import pack
from overtone.engine.pooling import pooled
from overtone.engine.remember import Row, Values, current_store, make_recipe, remembered
from overtone.engine.rest import at_rest
from overtone.models.base import Base
from overtone.models.text import encode_text

BATCH_TOKENS = 2048


def embed(base: Base, texts: Sequence[str], batch_tokens: int = BATCH_TOKENS) -> Any:
    """Mean-pooled last hidden states of unit length: a float32 array (texts, hidden).

    A text longer than the context is embedded from its first `context` tokens, as encoders commonly do.
    """
    rows = [encode_text(base, text)[: base.description.context] for text in texts]
    vectors = frozen_features(base.description.name, base.model, "mean", rows, batch_tokens)
    return torch.nn.functional.normalize(vectors, dim=-1).numpy()


@torch.no_grad()
def frozen_features(
    name: str,
    body: Any,
    pooling: str,
    rows: Sequence[Sequence[int]],
    batch_tokens: int = BATCH_TOKENS,
) -> Tensor:
    """The features of a body that does not learn, in main memory: (rows, hidden).

    Remembered where a store is current; `name` is what people call the base. A frozen body runs without dropout.
    """
    model = plain(body)
    layout, settings = layout_of(model).name, {"pooling": pooling}
    found = remembered(
        current_store(),
        lambda: make_recipe(name, model, "features", settings, layout),
        rows,
        partial(_features, body, pooling),
        batch_tokens,
        shares_beginnings(model),
    )
    return torch.cat(found) if found else torch.zeros(0, model.config.hidden_size)


def _features(body: Any, pooling: str, rows: Sequence[Row]) -> Values:
    with at_rest(plain(body)):
        vectors = pooled(body, pack(rows, shares_beginnings(body)), pooling)
    return Values(vectors, [range(row, row + 1) for row in range(len(rows))])
