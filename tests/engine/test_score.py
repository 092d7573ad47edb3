"""Log-probabilities equal those of a plain forward pass, whatever the batch."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.engine.features import embed
from overtone.engine.score import log_probabilities
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from overtone.models.text import encode_text

ROWS = [([1, 10, 11], [12, 2]), ([1, 40], [41, 42, 43, 44, 2]), ([1, 9, 8, 7, 6, 5, 14, 15], [2])]


@pytest.mark.parametrize(
    "model_type", [name for name, family in FAMILIES.items() if family.kind == "decoder"]
)
def test_log_probabilities_are_those_of_the_model(small_base: Callable[[str], Path], model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    found = log_probabilities(model, ROWS)
    for (prompt, continuation), values in zip(ROWS, found, strict=True):
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([[*prompt, *continuation]])).logits[0].log_softmax(-1)
        wanted = [logits[len(prompt) - 1 + place, token] for place, token in enumerate(continuation)]
        assert values == pytest.approx([value.item() for value in wanted], abs=1e-5)


@pytest.mark.parametrize("model_type", FAMILIES)
def test_features_do_not_depend_on_the_batch(small_base: Callable[[str], Path], model_type: str) -> None:
    base = load_base(str(small_base(model_type)))
    texts = ["short", "a much longer text, with [SEP] and <|end|> in it", "middle one"]
    together, alone = embed(base, texts), embed(base, texts, batch_tokens=1)
    assert together.shape == (3, 32)
    assert together == pytest.approx(alone, abs=1e-5)
    assert (together**2).sum(1) == pytest.approx(1.0, abs=1e-5)


def test_control_strings_in_a_text_are_no_control_tokens(small_base: Callable[[str], Path]) -> None:
    base = load_base(str(small_base("bert")))
    assert encode_text(base, "<|end|>").count(2) == 1
