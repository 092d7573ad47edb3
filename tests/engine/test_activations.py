"""Activations kept, computed again or moved away: the same gradients in every layout, with less kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from overtone.core.errors import UserError
from overtone.engine import activations
from overtone.engine.activations import check_activations, keeping
from overtone.engine.flat import flat_states
from overtone.engine.hidden import padded_states
from overtone.engine.lean.decoder import lean_states
from overtone.engine.pack import pack
from overtone.engine.parent import LearnedKeys
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.lean.models import adapt, make_model
from tests.engine.lean.models import rows as some_rows
from tests.engine.rows import ROWS, near

SmallBase = Callable[[str], Path]
States = Callable[..., Tensor]
FLAT = [name for name, family in FAMILIES.items() if family.flat and family.kind != "encoder-decoder"]


def gradients(model: Any, states: States, how: str, rows: list[list[int]], share: bool) -> dict[str, Tensor]:
    """Of a training step of one forward and one backward pass."""
    model.train().zero_grad()
    torch.manual_seed(7)
    with keeping(how, model):
        total = states(model, pack(rows, share=share)).square().sum()
    total.backward()  # type: ignore[no-untyped-call]
    return {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}


def assert_equal(
    model: Any, states: States, how: str, rows: list[list[int]] = ROWS, share: bool = True
) -> None:
    wanted = {name: grad.clone() for name, grad in gradients(model, states, "keep", rows, share).items()}
    found = gradients(model, states, how, rows, share)
    assert wanted and found.keys() == wanted.keys()
    for name, grad in wanted.items():
        # What comes back from main memory may lie closer together than it did, and is then summed in another order.
        assert torch.equal(found[name], grad) if how == "recompute" else near(found[name], grad, 1e-6), name


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even what is small is moved."""
    monkeypatch.setattr(activations, "LEAST", 0)


@pytest.mark.parametrize("how", ["recompute", "offload"])
@pytest.mark.parametrize("variant", ["llama", "qwen3_windowed"])
@pytest.mark.usefixtures("moved")
def test_lean(variant: str, how: str) -> None:
    model = make_model(variant, attention_dropout=0.3)
    assert_equal(model, lean_states, how, some_rows(), share=False)
    adapted = adapt(make_model(variant), target_modules=["q_proj", "down_proj"], lora_dropout=0.3)
    assert_equal(adapted.get_base_model(), lean_states, how, some_rows())


@pytest.mark.parametrize("model_type", FLAT)
@pytest.mark.usefixtures("moved")
def test_flat(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    share = FAMILIES[model_type].kind == "decoder"
    check_activations("recompute", model)
    for how in ("recompute", "offload"):
        assert_equal(model, flat_states, how, share=share)


@pytest.mark.parametrize(("states", "variant"), [(lean_states, "llama"), (flat_states, "qwen3")])
def test_behind_learned_keys(states: States, variant: str) -> None:
    model = make_model(variant)
    heads, size = model.config.num_key_value_heads, model.config.head_dim
    layers = torch.randn(3, 2, 4, heads, size)
    keys = LearnedKeys(tuple((key, value) for key, value in layers), 4)
    assert_equal(model, partial(states, keys=keys), "recompute", some_rows())


@pytest.mark.parametrize("model_type", ["falcon", "deberta-v2", "llama", "bert"])
def test_padded(small_base: SmallBase, model_type: str) -> None:
    model = load_base(str(small_base(model_type))).model
    check_activations("recompute", model)
    assert_equal(model, padded_states, "recompute", share=False)


def kept(model: Any, states: States, how: str) -> int:
    """Bytes that the backward pass holds between the two passes, weights left out."""
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    held: dict[int, int] = {}

    def pack_one(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            held[storage.data_ptr()] = storage.nbytes()
        return tensor.detach()

    with saved_tensors_hooks(pack_one, lambda tensor: tensor), keeping(how, model):
        states(model.train(), pack(some_rows(), share=False))
    return sum(held.values())


@pytest.mark.parametrize("states", [lean_states, flat_states])
def test_computing_again_keeps_less(states: States) -> None:
    model = make_model("llama", num_hidden_layers=6)
    assert kept(model, states, "recompute") < 0.4 * kept(model, states, "keep")


def test_each_layer_is_computed_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from overtone.engine import flat

    model, asked = make_model("qwen2"), list[int]()
    usual = flat._attend
    monkeypatch.setattr(flat, "_attend", lambda *parts: asked.append(1) or usual(*parts))  # type: ignore[func-returns-value]
    gradients(model, flat_states, "recompute", some_rows(), False)
    assert len(asked) == 2 * model.config.num_hidden_layers
    gradients(model, flat_states, "keep", some_rows(), False)
    assert len(asked) == 3 * model.config.num_hidden_layers


@contextmanager
def storages_moved() -> Iterator[list[Tensor]]:
    """The tensors that are copied away."""
    copied: list[Tensor] = []
    usual = torch.empty_like

    def spied(tensor: Tensor, **how: Any) -> Tensor:
        if "pin_memory" in how:
            copied.append(tensor)
        return usual(tensor, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch, "empty_like", spied)
        yield copied


@pytest.mark.usefixtures("moved")
def test_weights_and_small_tensors_stay_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_model("llama")
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    with storages_moved() as copied:
        gradients(model, lean_states, "offload", some_rows(), False)
        assert copied and not any(tensor.untyped_storage().data_ptr() in weights for tensor in copied)
        copied.clear()
        monkeypatch.setattr(activations, "LEAST", 1 << 30)
        gradients(model, lean_states, "offload", some_rows(), False)
        assert not copied


def test_moving_from_main_memory_to_itself_is_refused() -> None:
    with pytest.raises(
        UserError, match=r"stages\[0\].activations: 'offload' moves .* choose keep or recompute"
    ):
        check_activations("offload", make_model("llama"))


def test_layers_that_cannot_be_computed_again_are_refused(
    small_base: SmallBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load_base(str(small_base("bert"))).model
    monkeypatch.setattr(activations, "_layers", lambda model: [])
    with pytest.raises(UserError, match="the layers of BertModel cannot be computed again"):
        check_activations("recompute", model)


def test_the_switches_of_transformers_are_put_back() -> None:
    model = make_model("llama")
    with keeping("recompute", model):
        assert model.is_activation_checkpointing
    assert not model.is_activation_checkpointing
