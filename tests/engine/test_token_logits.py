"""The head's output at single tokens: that of each row alone, also where rows that begin alike share tokens."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.engine import token_logits
from overtone.engine.layout import shares_beginnings
from overtone.engine.learner import Learner, make_head
from overtone.engine.stream import Stream
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.rows import ROWS, alone, near

SmallBase = Callable[[str], Path]
PLACES = [sorted({0, len(row) // 2, len(row) - 1}) for row in ROWS]  # most are in a common beginning


@pytest.mark.parametrize("model_type", FAMILIES)
def test_a_batch_gives_the_tokens_of_each_row_alone_with_their_gradients(
    small_base: SmallBase, model_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Stream] = []
    usual = token_logits.states
    monkeypatch.setattr(
        token_logits, "states", lambda body, stream, asked: seen.append(stream) or usual(body, stream, asked)
    )
    learner = Learner(load_base(str(small_base(model_type))).model, make_head(32, 3, 0.0, 0)).eval()
    assert learner.head is not None
    found = token_logits.token_logits(learner, ROWS, PLACES)
    wanted = torch.cat(
        [learner.head(row[places]) for row, places in zip(alone(learner.body), PLACES, strict=True)]
    )
    assert near(found, wanted)
    assert (len(seen[-1].tokens) < sum(map(len, ROWS))) == shares_beginnings(learner.body)
    weights = list(learner.parameters())
    pull = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(0))
    own, plain = (
        torch.autograd.grad((one * pull).sum(), weights, allow_unused=True) for one in (found, wanted)
    )
    largest = max(one.norm() for one in plain if one is not None)
    for one, other in zip(own, plain, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert (one - other).norm() <= 1e-5 * (other.norm() + largest / 100)


def test_rows_are_told_apart_again() -> None:
    parts = token_logits.by_row(torch.arange(6.0).view(3, 2), [[4, 7], [], [0]])
    assert [part.tolist() for part in parts] == [[[0, 1], [2, 3]], [], [[4, 5]]]


@pytest.mark.parametrize("rows", [[[]], [[], [5, 6]]])
def test_nothing_is_said_of_rows_without_words(small_base: SmallBase, rows: list[list[int]]) -> None:
    learner = Learner(load_base(str(small_base("llama"))).model, make_head(32, 3, 0.0, 0))
    assert token_logits.token_logits(learner, rows, [[] for _ in rows]).shape == (0, 3)
