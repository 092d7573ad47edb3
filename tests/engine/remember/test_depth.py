"""Hidden states below what learns: read to the bit, whatever learns above, and at their places in a stream."""

import sys
import types

import pytest
import torch

from overtone.engine.pack import pack
from overtone.engine.remember import Store
from overtone.engine.remember.depth import FrozenStates, frozen_depth
from overtone.methods.lora import Lora
from overtone.models.base import load_base

PROMPT = list(range(10, 60))
ROWS = [[*PROMPT, 3, 4, 5], [7, 8], [*PROMPT, 6], [*PROMPT, 3, 9]]


@pytest.fixture
def body(small_base):
    model = load_base(str(small_base("llama"))).model
    return Lora(rank=2, top_layers=1, dropout=0.5).attach(model, seed=0).train()


@pytest.fixture
def computed(monkeypatch):
    """Stands in for the lean decoder: a state is a function of the token, its position and the depth."""
    tokens = []

    def lean_states(model, stream, asked=None, first=0, hidden=None, last=None):
        assert not model.training
        assert asked is None
        assert not torch.is_grad_enabled()
        tokens.append(len(stream.tokens))
        return torch.stack(
            [stream.tokens * 1.0, stream.positions * 1.0, torch.full(stream.tokens.shape, 1.0 * last)], 1
        )

    module = types.ModuleType("overtone.engine.lean.decoder")
    module.lean_states = lean_states
    monkeypatch.setitem(sys.modules, "overtone.engine.lean.decoder", module)
    return tokens


def test_the_depth_is_that_of_the_lowest_weight_that_learns(body):
    layers = body.config.num_hidden_layers
    assert frozen_depth(body) == layers - 1 > 0
    model = body.get_base_model()
    model.lm_head.weight.requires_grad_(True)
    tied = model.lm_head.weight is model.model.embed_tokens.weight
    assert frozen_depth(body) == (0 if tied else layers - 1)
    for weight in body.parameters():
        weight.requires_grad_(False)
    assert frozen_depth(body) == layers
    model.model.layers[0].input_layernorm.weight.requires_grad_(True)
    assert frozen_depth(body) == 0
    model.model.embed_tokens.weight.requires_grad_(True)
    assert frozen_depth(body) == 0


def test_states_stand_at_their_places_and_shared_ones_once(body, computed, tmp_path):
    for epoch in range(2):
        store = Store(tmp_path / "store", 10**9)
        states = FrozenStates(store, "base", body, 1).of(ROWS)
        for row, state in zip(ROWS, states, strict=True):
            wanted = torch.tensor([[token, position, 1] for position, token in enumerate(row)])
            assert torch.equal(state, wanted.float())
        assert store.account.hits == epoch * len(ROWS)
    assert computed == [len(PROMPT) + 2 + 3 + 1 + 2]
    assert body.training, "left as it was"
    stream = pack(ROWS)
    hidden = FrozenStates(store, "base", body, 1).in_stream(stream)
    assert torch.equal(hidden[:, 0], stream.tokens.float())
    assert torch.equal(hidden[:, 1], stream.positions.float())


def test_what_learns_above_changes_nothing_and_what_lies_below_all(body, computed, tmp_path):
    FrozenStates(Store(tmp_path / "store", 10**9), "base", body, 1).of(ROWS)
    model = body.get_base_model()
    with torch.no_grad():
        for weight in body.parameters():
            if weight.requires_grad:
                weight.add_(1)
        model.model.layers[1].mlp.down_proj.weight.add_(1)
    store = Store(tmp_path / "store", 10**9)
    FrozenStates(store, "base", body, 1).of(ROWS)
    assert store.account.hits == len(ROWS)
    for change in (model.model.layers[0].mlp.down_proj.weight, model.model.embed_tokens.weight):
        change.data.add_(1)
        store = Store(tmp_path / "store", 10**9)
        FrozenStates(store, "base", body, 1).of(ROWS)
        assert store.account.misses == len(ROWS)


def test_another_depth_is_other_work(body, computed, tmp_path):
    store = Store(tmp_path / "store", 10**9)
    first, second = (FrozenStates(store, "base", body, depth).of(ROWS) for depth in (1, 2))
    assert store.account.misses == 2 * len(ROWS)
    assert not torch.equal(first[0], second[0])


def test_states_read_can_be_learned_upon(body, computed, tmp_path):
    weight = torch.ones(3, 2, requires_grad=True)
    for _ in range(2):
        states = FrozenStates(Store(tmp_path / "store", 10**9), "base", body, 1)
        (states.in_stream(pack(ROWS)) @ weight).sum().backward()
    assert weight.grad.abs().sum() > 0


def test_the_rest_of_the_decoder_goes_on_from_what_was_read(small_base, tmp_path):
    """Outputs and gradients equal those of the whole decoder, and are the same bits after eviction."""
    from overtone.engine.lean.decoder import lean_states

    model = load_base(str(small_base("llama"))).model
    body = Lora(rank=2, top_layers=1).attach(model, seed=0)
    depth, stream = frozen_depth(body), pack(ROWS)
    learned = [weight for weight in body.parameters() if weight.requires_grad]
    for index, weight in enumerate(learned):
        torch.nn.init.normal_(weight, generator=torch.Generator().manual_seed(index))

    def results(hidden, first):
        states = lean_states(model, stream, first=first, hidden=hidden)
        return states.detach(), *torch.autograd.grad(states.square().sum(), learned)

    whole = results(None, 0)
    found = []
    for _ in range(3):
        store = Store(tmp_path / "store", 10**9)
        found.append(results(FrozenStates(store, "base", body, depth).in_stream(stream), depth))
        for path in store.folder.glob("*/*.safetensors") if store.account.hits else ():
            path.unlink()
    assert store.account.misses == len(ROWS), "the third time computes again"
    for one in found:
        assert all(map(torch.equal, one, found[0]))
    for one, other in zip(found[0], whole, strict=True):
        assert torch.allclose(one, other, rtol=1e-5, atol=1e-6)
