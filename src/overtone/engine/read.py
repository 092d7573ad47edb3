"""Batches of rows that a body reads without gradient."""

from collections.abc import Sequence
from typing import Any

from overtone.engine.batches import in_batches
from overtone.engine.hidden import plain
from overtone.engine.layout import shares_beginnings

# Tokens of a pass. Without a common beginning more make a processor no faster, and take memory.
TOKENS, TOKENS_ALONE = 4096, 1024


def batches_to_read(body: Any, rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Indexes of the rows of each batch, as many tokens in each as suit the body and its device."""
    share = shares_beginnings(body)
    alone = plain(body).device.type == "cpu" and not share
    return in_batches(rows, TOKENS_ALONE if alone else TOKENS, share)
