"""Prefix tuning: its files are PEFT's, and it starts from words; what holds for every method is in the contracts."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from overtone.core.errors import UserError
from overtone.methods.prefix import Prefix
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
families = pytest.mark.parametrize(
    "model_type", ["llama", "mistral", "smollm3", "gpt2", "gemma3_text", "falcon"]
)
ONE_HEAD = {"num_attention_heads": 1, "token_dim": 8}  # that PEFT does not find of itself
projections = pytest.mark.parametrize("projection", [None, 16])


@families
@projections
def test_plain_peft_loads_what_is_saved(
    small_base: SmallBase, model_type: str, projection: int | None, tmp_path: Path
) -> None:
    base, part = small_base(model_type), Prefix(tokens=5, projection=projection)
    body = learned(part, base)
    part.save(body, tmp_path)
    found = library_scores(loaded_by_library(base, tmp_path))
    assert torch.allclose(found, scores(body), atol=1e-5)
    assert not torch.allclose(found, library_scores(plain_model(base)), atol=1e-3)


def test_a_projection_is_folded_away_in_the_file(small_base: SmallBase, tmp_path: Path) -> None:
    base, part = small_base("llama"), Prefix(tokens=5, projection=16)
    part.save(learned(part, base), tmp_path)
    (kept,) = load_file(tmp_path / "adapter_model.safetensors").values()
    assert kept.shape == (5, 2 * 2 * 2 * 8)  # tokens; layers, keys and values, key heads, head


@families
@projections
def test_what_plain_peft_has_written_loads_here(
    small_base: SmallBase, model_type: str, projection: int | None, tmp_path: Path
) -> None:
    import peft

    base = small_base(model_type)
    config = peft.PrefixTuningConfig(
        task_type="CAUSAL_LM",
        num_virtual_tokens=7,
        prefix_projection=projection is not None,
        encoder_hidden_size=projection,
        **(ONE_HEAD if model_type == "falcon" else {}),
    )
    theirs = written_by_library(base, tmp_path, config)
    ours = Prefix().load(str(base), tmp_path)
    assert torch.allclose(scores(ours.model), library_scores(theirs), atol=1e-5)
    assert ours.description.context == load_base(str(base)).description.context - 7


def test_a_text_and_a_projection_exclude_each_other(small_base: SmallBase) -> None:
    with pytest.raises(UserError, match="cannot start from a text: leave out one of them"):
        Prefix(text="Be kind.", projection=8).attach(load_base(str(small_base("llama"))).model, 0)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, model_type: str) -> None:
    base = load_base(str(small_base(model_type))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    first = scores(Prefix(tokens=5).attach(base, 0)).sum()
    body = after_training(Prefix(tokens=5), small_base(model_type))
    assert scores(body).sum() > first + 0.1
    assert all(torch.equal(before[name], weight) for name, weight in body.get_base_model().named_parameters())


def test_a_projection_has_a_rate_of_its_own() -> None:
    assert Prefix(projection=8).usual_rate("decoder", 32) < Prefix().usual_rate("decoder", 32) / 10
