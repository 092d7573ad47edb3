"""Rows that are read without a gradient: each once, and no more in a pass than pays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.engine.read import TOKENS, TOKENS_ALONE, batches_to_read
from overtone.models.base import load_base


@pytest.mark.parametrize(("family", "most"), [("bert", TOKENS_ALONE), ("llama", TOKENS)])
def test_a_pass_holds_what_suits_the_body(small_base: Callable[[str], Path], family: str, most: int) -> None:
    body = load_base(str(small_base(family))).model
    rows = [[1000 * row + place for place in range(100)] for row in range(90)]
    batches = batches_to_read(body, rows)
    assert sorted(row for batch in batches for row in batch) == list(range(90))
    assert max(len(batch) for batch in batches) == most // 100
