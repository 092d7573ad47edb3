"""BitFit and norm tuning: what they keep and refuse; what holds for every method is in the contracts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from overtone.core.errors import UserError
from overtone.methods.bitfit import BitFit
from overtone.methods.norms import Norms
from overtone.methods.own_weights import OwnWeights
from overtone.models.base import load_base
from tests.methods.agreement import after_training, learned, library_scores, plain_model, scores

SmallBase = Callable[[str], Path]
both = pytest.mark.parametrize(("method", "model_type"), [(BitFit(), "gpt2"), (Norms(), "llama")])


def test_the_learned_weights_stand_alone_in_the_file(small_base: SmallBase, tmp_path: Path) -> None:
    Norms().save(learned(Norms(), small_base("llama")), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"learned.safetensors", "learned.json"}
    layers = [
        f"model.layers.{layer}.{norm}_layernorm" for layer in (0, 1) for norm in ("input", "post_attention")
    ]
    wanted = {f"{path}.weight" for path in [*layers, "model.norm"]}
    assert load_file(tmp_path / "learned.safetensors").keys() == wanted
    card = json.loads((tmp_path / "learned.json").read_text())
    assert card == {"format": 1, "method": "norms", "family": "llama", "tensors": 5}


def test_biases_of_norms_are_among_those_that_bitfit_learns(small_base: SmallBase) -> None:
    body = BitFit().attach(load_base(str(small_base("bert"))).model, 0)
    learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
    assert {"embeddings.LayerNorm.bias", "encoder.layer.1.output.dense.bias"} <= learns
    assert all(name.endswith(".bias") for name in learns)
    assert "pooler.dense.bias" not in learns


@both
def test_anyone_can_put_the_file_into_a_plain_model(
    small_base: SmallBase, method: OwnWeights, model_type: str, tmp_path: Path
) -> None:
    body = learned(method, small_base(model_type))
    method.save(body, tmp_path)
    model = plain_model(small_base(model_type))
    before = library_scores(model)
    model.load_state_dict(load_file(tmp_path / "learned.safetensors"), strict=False)
    assert torch.allclose(library_scores(model), scores(body), atol=1e-5)
    assert not torch.allclose(before, scores(body), atol=1e-3)


@both
def test_weights_of_another_shape_are_refused(
    small_base: SmallBase, method: OwnWeights, model_type: str, tmp_path: Path
) -> None:
    method.save(learned(method, small_base(model_type)), tmp_path)
    with pytest.raises(UserError, match=f"'{method.name}' learned on a base of the family '{model_type}'"):
        method.load(str(small_base("bert")), tmp_path)
    tensors = load_file(tmp_path / "learned.safetensors")
    name = min(tensors)
    save_file({**tensors, name: tensors[name][:-1].contiguous()}, tmp_path / "learned.safetensors")
    with pytest.raises(UserError, match="do not fit"):
        method.load(str(small_base(model_type)), tmp_path)


def test_a_base_without_biases_is_refused_and_left_as_it_was(small_base: SmallBase) -> None:
    body = load_base(str(small_base("llama"))).model
    with pytest.raises(
        UserError, match="'llama' has no biases that bitfit could learn: choose norms, ia3 or lora"
    ):
        BitFit().attach(body, 0)
    assert all(weight.requires_grad for weight in body.parameters())


@both
def test_it_learns(small_base: SmallBase, method: OwnWeights, model_type: str) -> None:
    first = scores(load_base(str(small_base(model_type))).model).sum()
    assert scores(after_training(method, small_base(model_type))).sum() > first + 0.1
