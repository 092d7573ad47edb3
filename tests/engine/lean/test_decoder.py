"""The lean decoder gives the results and the gradients of the models of transformers."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.lean.decoder import lean_states
from overtone.engine.stream import Stream, one_by_one
from tests.engine.lean.models import VARIANTS, adapt, make_model, rows, shared_stream

TOLERANCE = 1e-5
Sequences = list[list[int]]


def plain(model: Any) -> Any:
    return model.get_base_model() if hasattr(model, "get_base_model") else model


def expected(model: Any, sequences: Sequences) -> list[Tensor]:
    """Each row's last hidden states by the model's own code, one by one."""
    body = plain(model).base_model
    return [body(input_ids=torch.tensor([row]), use_cache=False).last_hidden_state[0] for row in sequences]


def lean_rows(model: Any, stream: Stream) -> list[Tensor]:
    states = lean_states(plain(model), stream)
    return [states[torch.tensor(places)] for places in stream.places]


def gradients(model: Any, found: list[Tensor]) -> dict[str, Tensor]:
    """Of a fixed random projection of the states, by weight."""
    generator = torch.Generator().manual_seed(11)
    total = sum((part * torch.randn(part.shape, generator=generator)).sum() for part in found)
    names, weights = zip(*((n, w) for n, w in model.named_parameters() if w.requires_grad), strict=True)
    grads = torch.autograd.grad(total, weights, allow_unused=True)
    return {name: grad for name, grad in zip(names, grads, strict=True) if grad is not None}


def assert_near(found: Tensor, wanted: Tensor, name: str = "") -> None:
    assert (found - wanted).norm() <= TOLERANCE * wanted.norm(), name


def assert_equal(model: Any, stream: Stream, sequences: Sequences) -> None:
    found, wanted = lean_rows(model, stream), expected(model, sequences)
    for one, other in zip(found, wanted, strict=True):
        assert_near(one, other)
    of_lean, of_model = gradients(model, found), gradients(model, wanted)
    assert of_lean.keys() == of_model.keys()
    for name, grad in of_model.items():
        assert_near(of_lean[name], grad, name)


@pytest.fixture(params=VARIANTS)
def model(request: pytest.FixtureRequest) -> Any:
    return make_model(request.param)


def test_full_learning(model: Any) -> None:
    assert_equal(model, one_by_one(rows()), rows())


def test_a_low_rank_pair_on_every_layer(model: Any) -> None:
    assert_equal(adapt(model), one_by_one(rows()), rows())


@pytest.mark.parametrize("variant", ["llama", "qwen3_windowed"])
def test_a_shared_beginning(variant: str) -> None:
    stream, sequences = shared_stream()
    assert_equal(adapt(make_model(variant)), stream, sequences)
    assert_equal(make_model(variant), stream, sequences)


UNUSUAL: dict[str, Callable[[Any], Any]] = {
    "some layers": lambda model: adapt(model, target_modules=["q_proj", "v_proj", "down_proj"]),
    "top layer": lambda model: adapt(model, layers_to_transform=[2]),
    "dora": lambda model: adapt(model, use_dora=True),
    "rank-stabilised": lambda model: adapt(model, use_rslora=True),
    "bias of the pair": lambda model: adapt(model, lora_bias=True),
    "norms too": lambda model: adapt(model, modules_to_save=["norm"]),
    "several ranks": lambda model: adapt(model, rank_pattern={"k_proj": 2, "up_proj": 7}),
    "embedding": lambda model: adapt(model, target_modules=["embed_tokens", "gate_proj"]),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_adapters_of_every_kind(kind: str) -> None:
    assert_equal(UNUSUAL[kind](make_model("llama_biased")), one_by_one(rows()), rows())


def test_several_active_adapters() -> None:
    from peft import LoraConfig

    adapted = adapt(make_model("llama"))
    adapted.add_adapter(
        "second", LoraConfig(r=2, target_modules=["k_proj", "o_proj"], init_lora_weights=False)
    )
    adapted.base_model.set_adapter(["default", "second"])
    assert_equal(adapted.eval(), one_by_one(rows()), rows())


def test_an_adapter_that_is_off_or_merged() -> None:
    adapted, stream = adapt(make_model("llama")), one_by_one(rows())
    with torch.no_grad():
        on = lean_states(plain(adapted), stream)
        with adapted.disable_adapter():
            off = lean_states(plain(adapted), stream)
            assert_near(off, torch.cat(expected(adapted, rows())))
        adapted.merge_adapter()
        assert_near(lean_states(plain(adapted), stream), on)
        with adapted.disable_adapter():
            assert_near(lean_states(plain(adapted), stream), off)
    assert not torch.allclose(on, off)


def test_dropout_of_an_adapter_is_that_of_the_module() -> None:
    adapted = adapt(make_model("llama"), target_modules=["q_proj"], lora_dropout=0.5, layers_to_transform=[0])
    stream = one_by_one(rows()[:1])
    adapted.train()
    torch.manual_seed(1)
    found = lean_states(plain(adapted), stream)
    torch.manual_seed(1)
    assert_near(found, expected(adapted, rows()[:1])[0])
    assert not torch.allclose(found, lean_states(plain(adapted), stream))


@pytest.mark.parametrize("variant", ["llama", "mistral"])
def test_only_asked_places(variant: str) -> None:
    adapted, stream = adapt(make_model(variant)), one_by_one(rows())
    asked = torch.tensor([3, 8, 8, 30, 0])
    found, wanted = lean_states(plain(adapted), stream, asked), lean_states(plain(adapted), stream)[asked]
    assert_near(found, wanted)
    of_asked, of_all = gradients(adapted, [found]), gradients(adapted, [wanted])
    for name, grad in of_all.items():
        assert_near(of_asked[name], grad, name)


def test_layers_in_two_parts_are_all_layers() -> None:
    model, stream = make_model("qwen3"), one_by_one(rows())
    asked = torch.tensor([3, 8])
    with torch.no_grad():
        below = lean_states(model, stream, last=2)
        wanted = lean_states(model, stream)
        assert torch.equal(lean_states(model, stream, first=2, hidden=below), wanted)
        assert_near(lean_states(model, stream, asked, first=2, hidden=below), wanted[asked])
        unnormed = lean_states(model, stream, last=3)
        assert torch.equal(lean_states(model, stream, asked, first=3, hidden=unnormed), wanted[asked])


def test_what_lies_below_the_lowest_learning_weight_leaves_no_graph() -> None:
    adapted = plain(adapt(make_model("llama"), layers_to_transform=[1]))
    stream = one_by_one(rows())
    assert not lean_states(adapted, stream, last=1).requires_grad
    assert lean_states(adapted, stream, last=2).requires_grad


def test_other_rows_change_no_bit() -> None:
    model, sequences = make_model("llama"), rows()
    changed = copy.deepcopy(sequences)
    changed[0] = [5] * len(changed[0])
    with torch.no_grad():
        before, after = (lean_rows(model, one_by_one(some)) for some in (sequences, changed))
    assert not torch.equal(before[0], after[0])
    for one, other in zip(before[1:], after[1:], strict=True):
        assert torch.equal(one, other)
