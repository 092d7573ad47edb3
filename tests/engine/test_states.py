"""States at asked places, whatever the layout."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.engine import hidden, states
from overtone.engine.layout import Layout
from overtone.engine.pack import pack
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.rows import ROWS, alone, near

SmallBase = Callable[[str], Path]
decoders = [name for name, family in FAMILIES.items() if family.kind == "decoder"]


@pytest.mark.parametrize("model_type", FAMILIES)
def test_asked_places_may_repeat(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    stream = pack(ROWS, share=False)
    asked = torch.tensor([3, 0, 3, 70])
    with torch.no_grad():
        whole, some = states.states(model, stream), states.states(model, stream, asked)
    assert whole.shape == (len(stream.tokens), 32)
    assert near(some, whole[asked])


@pytest.mark.parametrize("model_type", decoders)
def test_the_padded_layout_takes_shared_beginnings_too(
    small_base: SmallBase, model_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, stream = load_base(str(small_base(model_type))).model, pack(ROWS)
    assert len(stream.tokens) < sum(map(len, ROWS))
    monkeypatch.setattr(states, "layout_of", lambda body: Layout("padded", "asked for"))
    with torch.no_grad():
        found = states.states(model, stream)
        for places, wanted in zip(stream.places, alone(model), strict=True):
            assert near(found[places], wanted)


def test_rows_are_padded_on_the_right() -> None:
    tokens, mask = hidden.pad([[5, 6, 7], [8]], torch.device("cpu"))
    assert tokens.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
