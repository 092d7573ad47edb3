"""P-tuning: its network starts as nothing and is folded away; what holds for every method is in the contracts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from overtone.methods.p_tuning import PTuning
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base
from tests.methods.agreement import after_training, learned, library_scores, loaded_by_library, scores

SmallBase = Callable[[str], Path]
both = pytest.mark.parametrize("encoder", ["lstm", "mlp"])


@both
def test_it_starts_as_a_prompt_does(small_base: SmallBase, encoder: str) -> None:
    text = "Say it."
    prompt = Prompt(tokens=5, text=text).attach(load_base(str(small_base("llama"))).model, 0)
    body = PTuning(tokens=5, text=text, encoder=encoder).attach(load_base(str(small_base("llama"))).model, 0)
    assert torch.allclose(scores(body), scores(prompt), atol=1e-6)


@both
@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_only_rows_are_saved_and_plain_peft_loads_them(
    small_base: SmallBase, encoder: str, model_type: str, tmp_path: Path
) -> None:
    method = PTuning(tokens=5, encoder=encoder, width=8)
    body = learned(method, small_base(model_type))
    method.save(body, tmp_path)
    tensors = load_file(tmp_path / "adapter_model.safetensors")
    assert {name: tuple(rows.shape) for name, rows in tensors.items()} == {"prompt_embeddings": (5, 32)}
    assert json.loads((tmp_path / "adapter_config.json").read_text())["peft_type"] == "PROMPT_TUNING"
    assert torch.allclose(
        library_scores(loaded_by_library(small_base(model_type), tmp_path)), scores(body), atol=1e-5
    )
    as_prompt = Prompt().load(str(small_base(model_type)), tmp_path).model
    assert torch.equal(scores(as_prompt), scores(body))


@both
def test_the_rows_are_what_the_network_adds_to(small_base: SmallBase, encoder: str) -> None:
    body: Any = learned(PTuning(tokens=5, encoder=encoder, width=8), small_base("llama"))
    made: Any = body.prompt_encoder["default"]
    with torch.no_grad():
        rows = made(torch.arange(5)[None])[0]
        inner = made.network(made.embedding.weight[None])
        change = made.output(inner[0] if encoder == "lstm" else inner)[0]
    assert torch.allclose(rows, made.embedding.weight + change, atol=1e-6)
    assert not torch.allclose(rows, made.embedding.weight, atol=1e-3)


@both
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, encoder: str) -> None:
    base = load_base(str(small_base("llama"))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    method = PTuning(tokens=5, encoder=encoder)
    first = scores(method.attach(base, 0)).sum()
    body = after_training(method, small_base("llama"))
    assert scores(body).sum() > first + 0.1
    assert all(torch.equal(before[name], weight) for name, weight in body.get_base_model().named_parameters())
