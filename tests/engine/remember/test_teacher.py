"""A teacher's likeliest tokens are those of its full distribution, worked out once."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.engine.remember import Store, remembering
from overtone.engine.row import Row
from overtone.engine.teacher import teacher_top_k
from overtone.models.base import load_base

SmallBase = Callable[[str], Path]
K = 5
ROWS = [
    Row((1, 9, 8, 7), (False, False, True, True)),
    Row((1, 9, 8, 3, 4, 6), (False, True, False, True, True, True)),
    Row((2, 5), (True, True)),  # nothing stands before the first token
]


@pytest.mark.parametrize("model_type", ["llama", "gpt2", "falcon"])
def test_they_are_the_likeliest_of_all_tokens(small_base: SmallBase, tmp_path: Path, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model.train()
    with remembering(Store(tmp_path / "store", 10**8)) as store:
        first = teacher_top_k("teacher", model, ROWS, K)
        again = teacher_top_k("teacher", model, ROWS, K)
        teacher_top_k("teacher", model, ROWS, K + 1)
    assert model.training, "left as it was"
    assert store is not None and (store.account.hits, store.account.misses) == (3, 6)
    model.eval()
    for row, (values, tokens), (kept, named) in zip(ROWS, first, again, strict=True):
        with torch.no_grad():
            every = model(torch.tensor([row.tokens])).logits[0].log_softmax(-1)
        places = [place - 1 for place in range(1, len(row.tokens)) if row.learned[place]]
        assert values.shape == tokens.shape == (row.units, K)
        torch.testing.assert_close(values, every[places].topk(K).values, rtol=1e-5, atol=1e-5)
        torch.testing.assert_close(every[places].gather(1, tokens), values, rtol=1e-5, atol=1e-5)
        assert torch.equal(values, kept) and torch.equal(tokens, named)
