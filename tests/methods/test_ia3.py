"""(IA)3: its files are PEFT's, and which layers it rescales; what holds for every method is in the contracts."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine.lean.parts import part_of
from overtone.generate.adapters import read_adapter
from overtone.methods.ia3 import Ia3
from overtone.models.base import load_base
from tests.methods.agreement import (
    after_training,
    learned,
    library_scores,
    loaded_by_library,
    plain_model,
    scores,
    written_by_library,
)

SmallBase = Callable[[str], Path]
families = pytest.mark.parametrize("model_type", ["llama", "qwen2", "gpt2", "opt"])
ATTENTION = ["self_attn.k_proj", "self_attn.v_proj"]
RESCALED = {  # the layer is left out of the path
    "llama": {*ATTENTION, "mlp.down_proj"},
    "gpt2": {"attn.c_attn", "mlp.c_proj"},
    "mixtral": {*ATTENTION},
    "bert": {"attention.self.key", "attention.self.value", "output.dense"},
    "t5": {"layer.0.SelfAttention.k", "layer.0.SelfAttention.v", "layer.1.DenseReluDense.wo"},
}


@pytest.mark.parametrize("model_type", RESCALED)
def test_keys_values_and_inner_activations_are_rescaled(small_base: SmallBase, model_type: str) -> None:
    body = Ia3().attach(load_base(str(small_base(model_type))).model, 0)
    paths = [
        path for path, module in body.named_modules() if hasattr(module, "ia3_l") and ".decoder." not in path
    ]
    assert {re.split(r"\.\d+\.", path, maxsplit=1)[1] for path in paths} == RESCALED[model_type]
    assert len(paths) == 2 * len(RESCALED[model_type])  # in both layers


def test_inner_activations_are_rescaled_before_the_layer_that_reads_them(small_base: SmallBase) -> None:
    body = Ia3().attach(load_base(str(small_base("llama"))).model, 0)
    widths = {
        path.rsplit(".", 1)[1]: tuple(module.ia3_l["default"].shape)
        for path, module in body.named_modules()
        if hasattr(module, "ia3_l")
    }
    assert widths == {"k_proj": (16, 1), "v_proj": (16, 1), "down_proj": (1, 64)}


@families
def test_plain_peft_loads_what_is_saved(small_base: SmallBase, model_type: str, tmp_path: Path) -> None:
    body = learned(Ia3(), small_base(model_type))
    Ia3().save(body, tmp_path)
    assert {"adapter_config.json", "adapter_model.safetensors"} <= {path.name for path in tmp_path.iterdir()}
    found = library_scores(loaded_by_library(small_base(model_type), tmp_path))
    assert torch.allclose(found, scores(body), atol=1e-5)
    assert not torch.allclose(found, library_scores(plain_model(small_base(model_type))), atol=1e-3)


@families
def test_what_plain_peft_has_written_loads_here(
    small_base: SmallBase, model_type: str, tmp_path: Path
) -> None:
    import peft

    config = peft.IA3Config(
        task_type="CAUSAL_LM", init_ia3_weights=False, fan_in_fan_out=model_type == "gpt2"
    )  # with PEFT's own choice of layers
    theirs = written_by_library(small_base(model_type), tmp_path, config)
    ours = Ia3().load(str(small_base(model_type)), tmp_path)
    assert torch.allclose(scores(ours.model), library_scores(theirs), atol=1e-5)


def test_no_rescaled_layer_is_taken_for_a_plain_one(small_base: SmallBase) -> None:
    body = Ia3().attach(load_base(str(small_base("llama"))).model, 0)
    rescaled = [module for module in body.modules() if hasattr(module, "ia3_l")]
    assert rescaled
    assert all(part_of(module) is None for module in rescaled)


def test_it_cannot_answer_beside_others(small_base: SmallBase, tmp_path: Path) -> None:
    Ia3().save(Ia3().attach(load_base(str(small_base("llama"))).model, 0), tmp_path)
    with pytest.raises(
        UserError, match="an adapter with peft_type 'IA3' cannot answer beside others; merge it"
    ):
        read_adapter(tmp_path)


def test_a_base_whose_layers_it_does_not_know_is_refused() -> None:
    from transformers import MambaConfig, MambaModel

    body = MambaModel(MambaConfig(hidden_size=8, num_hidden_layers=1, vocab_size=16, state_size=4))
    with pytest.raises(UserError, match=r"ia3 knows no layer of the family 'mamba' .*: choose lora"):
        Ia3().attach(body, 0)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, model_type: str) -> None:
    base = load_base(str(small_base(model_type))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    first = scores(base).sum()
    body = after_training(Ia3(), small_base(model_type))
    assert scores(body).sum() > first
    after = {
        name.replace("base_layer.", ""): weight for name, weight in body.get_base_model().named_parameters()
    }
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())
