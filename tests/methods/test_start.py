"""Adapters that plain PEFT has written: taken as they are, learned on, written back, and refused where unsound."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file

from overtone.core.errors import UserError
from overtone.engine.score import total_log_probability
from overtone.methods.method import Method
from overtone.models.base import load_base
from tests.methods.agreement import (
    gradients,
    known_warnings,
    library_scores,
    loaded_by_library,
    scores,
    written_by_library,
)
from tests.small import edit_json

SmallBase = Callable[[str], Path]
CAUSAL = {"task_type": "CAUSAL_LM"}
LINEAR = {"target_modules": "all-linear", "init_lora_weights": False}
CONFIGS: dict[str, tuple[str, Callable[[], Any]]] = {
    "lora": ("lora", lambda: peft.LoraConfig(r=3, lora_alpha=6, **LINEAR)),
    "rslora": ("lora", lambda: peft.LoraConfig(r=3, use_rslora=True, **CAUSAL, **LINEAR)),
    "dora": ("lora", lambda: peft.LoraConfig(r=3, use_dora=True, **CAUSAL, **LINEAR)),
    "patterns": (
        "lora",
        lambda: peft.LoraConfig(
            r=3,
            target_modules=["q_proj", "v_proj"],
            rank_pattern={"q_proj": 5},
            alpha_pattern={"q_proj": 7},
            bias="lora_only",
            init_lora_weights=False,
        ),
    ),
    "output layer": (
        "lora",
        lambda: peft.LoraConfig(
            r=3, target_modules=r".*\.(q|v)_proj", init_lora_weights=False, modules_to_save=["lm_head"]
        ),
    ),
    "ia3": (
        "ia3",
        lambda: peft.IA3Config(
            target_modules=["k_proj", "v_proj", "down_proj"],
            feedforward_modules=["down_proj"],
            init_ia3_weights=False,
            **CAUSAL,
        ),
    ),
    "prompt": ("prompt", lambda: peft.PromptTuningConfig(num_virtual_tokens=4, **CAUSAL)),
    "prefix": ("prefix", lambda: peft.PrefixTuningConfig(num_virtual_tokens=4, **CAUSAL)),
    "projected prefix": (
        "prefix",
        lambda: peft.PrefixTuningConfig(
            num_virtual_tokens=4, prefix_projection=True, encoder_hidden_size=8, **CAUSAL
        ),
    ),
}
kinds = pytest.mark.parametrize("kind", CONFIGS)
LEARNS = {"lora": "lora_", "ia3": "ia3_", "prompt": "prompt_encoder", "prefix": "prompt_encoder"}


def foreign(small_base: SmallBase, kind: str, folder: Path) -> tuple[Method, Any]:
    """The method that begins as an adapter of plain PEFT, and that adapter's own model."""
    name, config = CONFIGS[kind]
    with known_warnings():
        theirs = written_by_library(small_base("qwen2"), folder, config())
    return Method.model_validate({"name": name, "start": str(folder)}).started(), theirs


@kinds
def test_it_begins_as_what_plain_peft_has_written(small_base: SmallBase, kind: str, tmp_path: Path) -> None:
    method, theirs = foreign(small_base, kind, tmp_path)
    wanted = library_scores(loaded_by_library(small_base("qwen2"), tmp_path))
    assert torch.allclose(library_scores(theirs), wanted, atol=1e-5)
    base = load_base(str(small_base("qwen2")))
    before = scores(base.model)
    body: Any = method.attach(base.model, 0).eval()
    assert torch.allclose(scores(body), wanted, atol=1e-5)
    assert not torch.allclose(before, wanted, atol=1e-4)
    learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
    assert learns and not any(weight.grad is not None for weight in body.parameters())
    own = ("modules_to_save", ".bias")
    assert all(LEARNS[method.name] in name or any(mark in name for mark in own) for name in learns)


@kinds
def test_it_learns_on_and_is_saved_so_that_plain_peft_loads_it(
    small_base: SmallBase, kind: str, tmp_path: Path
) -> None:
    method, _ = foreign(small_base, kind, tmp_path / "theirs")
    body: Any = method.attach(load_base(str(small_base("qwen2"))).model, 0).eval()
    before, rows = scores(body), [[1, 30, 31, 32, 2]]
    found = gradients(body, total_log_probability(body, rows, [[True] * 5]))
    with torch.no_grad():
        for name, weight in body.named_parameters():
            if name in found:
                weight += 0.1 * found[name] / found[name].abs().max().clamp(min=1e-9)
    assert not torch.allclose(scores(body), before, atol=1e-3)
    method.save(body, tmp_path / "ours")
    again = method.load(str(small_base("qwen2")), tmp_path / "ours").model
    assert torch.equal(scores(again), scores(body))
    theirs = library_scores(loaded_by_library(small_base("qwen2"), tmp_path / "ours"))
    assert torch.allclose(theirs, scores(body), atol=1e-5)


@pytest.mark.parametrize("kind", ["rslora", "dora", "output layer", "ia3"])
def test_it_is_merged_and_stands_on_packed_weights(small_base: SmallBase, kind: str, tmp_path: Path) -> None:
    method, _ = foreign(small_base, kind, tmp_path)
    base = load_base(str(small_base("qwen2")), "nf4")
    plain = scores(base.model)
    begun = scores(method.attach(base.model, 0).eval())
    assert not torch.allclose(begun, plain, atol=1e-4)
    merged = method.merge(method.load(str(small_base("qwen2")), tmp_path).model)
    wanted = library_scores(loaded_by_library(small_base("qwen2"), tmp_path))
    assert torch.allclose(scores(merged), wanted, atol=1e-5)


def test_its_settings_are_read_and_another_value_is_refused(small_base: SmallBase, tmp_path: Path) -> None:
    method, _ = foreign(small_base, "rslora", tmp_path)
    assert (method.rank, method.alpha, method.rank_stabilised, method.dora) == (3, 8.0, True, False)  # type: ignore[attr-defined]
    assert "model.layers.0.self_attn.q_proj" in method.targets  # type: ignore[attr-defined]
    assert Method.model_validate(method.model_dump()).started() == method
    other = Method.model_validate({"name": "lora", "start": str(tmp_path), "rank": 5})
    with pytest.raises(
        UserError, match=r"stages.method.rank: 5 is asked for, and the adapter .* has 3: leave it out"
    ):
        other.started()
    prompt, _ = foreign(small_base, "prompt", tmp_path / "prompt")
    assert prompt.positions == 4


def spoilt(small_base: SmallBase, folder: Path, **changes: Any) -> Method:
    foreign(small_base, "lora", folder)
    edit_json(folder / "adapter_config.json", **changes)
    return Method.model_validate({"name": "lora", "start": str(folder)})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"peft_type": "IA3"}, "holds an adapter of the type IA3: name the method ia3"),
        ({"peft_type": "VERA"}, "of the type VERA: what can be begun from are the types LORA, IA3"),
        ({"init_lora_weights": "pissa"}, "was drawn by 'pissa', which changed the base's own weights"),
        ({"lora_bias": True}, "has the setting lora_bias, which is not supported"),
        (
            {"layer_replication": [[0, 1], [0, 2]]},
            "has the setting layer_replication, which is not supported",
        ),
    ],
)
def test_what_cannot_be_begun_from_is_refused(
    small_base: SmallBase, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UserError, match=reason):
        spoilt(small_base, tmp_path, **changes).started()


def test_pickles_are_never_opened(small_base: SmallBase, tmp_path: Path) -> None:
    method = spoilt(small_base, tmp_path)
    weights = tmp_path / "adapter_model.safetensors"
    torch.save(load_file(weights), tmp_path / "adapter_model.bin")
    method.started()  # safetensors are there: the pickle beside them is left alone
    weights.unlink()
    for refused in (method.started, lambda: method.attach(load_base(str(small_base("qwen2"))).model, 0)):
        with pytest.raises(
            UserError, match=r"pickled weights \(adapter_model.bin\), which can run code .* write it anew"
        ):
            refused()
    (tmp_path / "adapter_model.bin").unlink()
    with pytest.raises(UserError, match="holds no weights"):
        method.started()


def test_a_folder_without_an_adapter_is_refused(tmp_path: Path) -> None:
    method = Method.model_validate({"name": "prefix", "start": str(tmp_path)})
    with pytest.raises(UserError, match=r"holds no adapter \(adapter_config.json is missing\)"):
        method.started()
    (tmp_path / "adapter_config.json").write_text("{")
    with pytest.raises(UserError, match="is not valid JSON"):
        method.started()


@pytest.mark.parametrize("change", ["another base", "a tensor too few", "a tensor too many"])
def test_weights_without_a_place_and_places_without_weights_are_refused(
    small_base: SmallBase, tmp_path: Path, change: str
) -> None:
    method, _ = foreign(small_base, "lora", tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    tensors = load_file(path)
    if change == "a tensor too few":
        tensors.popitem()
    if change == "a tensor too many":
        tensors["base_model.model.model.layers.9.mlp.up_proj.lora_A.weight"] = torch.zeros(3, 32)
    save_file(tensors, path)
    base = load_base(str(small_base("gpt2" if change == "another base" else "qwen2")))
    with pytest.raises(UserError, match="was learned on a base of another shape"):
        method.attach(base.model, 0)


@pytest.mark.parametrize(
    ("model_type", "settings", "told"),
    [
        ("bert", {"task_type": "FEATURE_EXTRACTION"}, ""),
        ("t5", {"task_type": "SEQ_2_SEQ_LM", "num_transformer_submodules": 1}, ""),
        ("t5", {"task_type": "SEQ_2_SEQ_LM"}, "rows before what is read and before what is written"),
    ],
)
def test_prompts_of_encoders_begin_as_they_are_where_they_stand_before_what_is_read(
    small_base: SmallBase, tmp_path: Path, model_type: str, settings: dict[str, Any], told: str
) -> None:
    config = peft.PromptTuningConfig(num_virtual_tokens=4, **settings)
    with known_warnings():
        theirs = peft.get_peft_model(load_base(str(small_base(model_type))).model, config)
        theirs.save_pretrained(str(tmp_path), save_embedding_layers=False)
    method = Method.model_validate({"name": "prompt", "start": str(tmp_path)})
    if told:
        with pytest.raises(UserError, match=told):
            method.started()
        return
    body: Any = method.started().attach(load_base(str(small_base(model_type))).model, 0)
    assert torch.equal(body.get_prompt(1), theirs.get_prompt(1))
    assert {name for name, weight in body.named_parameters() if weight.requires_grad} == {
        "prompt_encoder.default.embedding.weight"
    }


def test_what_we_write_names_its_base_and_no_code(small_base: SmallBase, tmp_path: Path) -> None:
    method, _ = foreign(small_base, "lora", tmp_path / "theirs")
    method.save(method.attach(load_base(str(small_base("qwen2"))).model, 0), tmp_path / "ours")
    settings = json.loads((tmp_path / "ours" / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] == str(small_base("qwen2"))
    assert not settings["auto_mapping"] or "parent_library" in settings["auto_mapping"]
