"""A base is loaded in the precision that is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.models.base import load_base

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("model_type", ["llama", "bert"])
def test_weights_are_in_float32_unless_another_precision_is_asked_for(
    small_base: SmallBase, model_type: str
) -> None:
    single = load_base(str(small_base(model_type))).model
    half = load_base(str(small_base(model_type)), "bfloat16").model
    assert {weight.dtype for weight in single.parameters()} == {torch.float32}
    assert {weight.dtype for weight in half.parameters()} == {torch.bfloat16}
    for one, other in zip(single.parameters(), half.parameters(), strict=True):
        assert torch.equal(one.bfloat16(), other)


def test_angles_of_positions_stay_exact(small_base: SmallBase) -> None:
    half = load_base(str(small_base("llama")), "bfloat16").model
    single = load_base(str(small_base("llama"))).model
    assert torch.equal(half.model.rotary_emb.inv_freq, single.model.rotary_emb.inv_freq)
    assert half.model.rotary_emb.inv_freq.dtype == torch.float32


def test_a_base_stands_where_training_is_fastest(small_base: SmallBase) -> None:
    wanted = "cuda" if torch.cuda.is_available() else "cpu"
    assert load_base(str(small_base("llama"))).model.device.type == wanted
