"""LoRA's own settings; what holds for every method stands in the contracts."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.generate.adapters import read_adapter
from overtone.methods.lora import Lora
from overtone.models.base import load_base
from tests.methods.agreement import (
    learned,
    library_scores,
    loaded_by_library,
    scores,
    written_by_library,
)
from tests.small import write_base

SmallBase = Callable[[str], Path]
VARIANTS = {"rank-stabilised": Lora(rank=4, rank_stabilised=True), "dora": Lora(rank=4, dora=True)}
variants = pytest.mark.parametrize("variant", VARIANTS)
families = pytest.mark.parametrize("model_type", ["llama", "gpt2"])


def adapted_layers(model_type: str, folder: Path, top_layers: int | None) -> set[str]:
    body = Lora(top_layers=top_layers).attach(load_base(str(write_base(folder, model_type))).model, seed=0)
    names = [name for name, weight in body.named_parameters() if weight.requires_grad]
    assert names
    return {part for name in names for part in name.split(".") if part.isdigit()}


@pytest.mark.parametrize("model_type", ["llama", "gpt2", "bert", "distilbert"])
def test_only_the_uppermost_layers_are_adapted(model_type: str, tmp_path: Path) -> None:
    assert adapted_layers(model_type, tmp_path, 1) == {"1"}
    assert adapted_layers(model_type, tmp_path, None) == {"0", "1"}


def test_more_layers_than_the_base_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"3 layers are asked for and the base has 2: choose 1 to 2"):
        adapted_layers("llama", tmp_path, 3)


@variants
@families
def test_plain_peft_loads_what_is_saved(
    small_base: SmallBase, variant: str, model_type: str, tmp_path: Path
) -> None:
    body = learned(VARIANTS[variant], small_base(model_type))
    VARIANTS[variant].save(body, tmp_path)
    found = library_scores(loaded_by_library(small_base(model_type), tmp_path))
    assert torch.allclose(found, scores(body), atol=1e-5)


@variants
@families
def test_what_plain_peft_has_written_loads_here(
    small_base: SmallBase, variant: str, model_type: str, tmp_path: Path
) -> None:
    import peft

    config = peft.LoraConfig(
        r=3,
        target_modules="all-linear",
        init_lora_weights=False,
        use_rslora=variant == "rank-stabilised",
        use_dora=variant == "dora",
        fan_in_fan_out=model_type == "gpt2",
    )
    theirs = written_by_library(small_base(model_type), tmp_path, config)
    ours = Lora().load(str(small_base(model_type)), tmp_path)
    assert torch.allclose(scores(ours.model), library_scores(theirs), atol=1e-5)


@pytest.mark.parametrize(("rank", "stabilised", "scale"), [(4, False, 2.0), (4, True, 4.0), (16, True, 2.0)])
def test_the_scale_is_alpha_over_the_rank_or_its_root(
    small_base: SmallBase, rank: int, stabilised: bool, scale: float
) -> None:
    part = Lora(rank=rank, alpha=8.0, rank_stabilised=stabilised)
    body = part.attach(load_base(str(small_base("llama"))).model, 0)
    scales = {module.scaling["default"] for module in body.modules() if hasattr(module, "lora_A")}  # type: ignore[index]
    assert scales == {scale}


def test_dora_learns_lengths_that_start_as_those_of_the_weights(small_base: SmallBase) -> None:
    body = Lora(dora=True).attach(load_base(str(small_base("llama"))).model, 0)
    query = next(
        module for path, module in body.named_modules() if path.endswith("layers.0.self_attn.q_proj")
    )
    length = query.lora_magnitude_vector["default"].weight
    assert length.requires_grad
    assert torch.allclose(length, query.base_layer.weight.norm(dim=1))


def test_experts_have_no_lengths_and_attention_beside_them_has(small_base: SmallBase) -> None:
    with pytest.raises(UserError, match="dora: it cannot adapt the experts of the family 'mixtral'"):
        Lora(dora=True).attach(load_base(str(small_base("mixtral"))).model, 0)
    body = Lora(dora=True, targets=["q_proj"]).attach(load_base(str(small_base("mixtral"))).model, 0)
    assert sum("magnitude" in name for name, _ in body.named_parameters()) == 2


def test_dora_cannot_answer_beside_others(small_base: SmallBase, tmp_path: Path) -> None:
    part = Lora(dora=True)
    part.save(part.attach(load_base(str(small_base("llama"))).model, 0), tmp_path)
    with pytest.raises(
        UserError, match="an adapter with use_dora True cannot answer beside others; merge it"
    ):
        read_adapter(tmp_path)


def test_rank_stabilised_pairs_answer_beside_others_with_their_scale(
    small_base: SmallBase, tmp_path: Path
) -> None:
    part = Lora(rank=4, alpha=8.0, rank_stabilised=True)
    body = learned(part, small_base("llama"))
    part.save(body, tmp_path)
    path = "model.layers.0.self_attn.q_proj"
    up = body.get_base_model().get_submodule(path).lora_B["default"].weight
    assert torch.equal(read_adapter(tmp_path).pairs[path].up, up * 4.0)
