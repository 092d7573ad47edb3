"""Bottleneck adapters: their formula, places, stacks and refusals; what holds for every method is in the contracts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import gelu

from overtone.core.errors import UserError
from overtone.methods.adapter import Adapter
from overtone.methods.library import known_warnings_silenced
from overtone.methods.lora import Lora
from overtone.methods.tuners.bottleneck import Bottleneck
from overtone.models.base import load_base
from tests.methods.agreement import after_training, learned, scores

SmallBase = Callable[[str], Path]
PLACES = {
    ("houlsby", "llama"): {"self_attn.o_proj", "mlp.down_proj"},
    ("pfeiffer", "bert"): {"output.dense"},
    ("houlsby", "bert"): {"attention.output.dense", "output.dense"},
    ("parallel", "gpt2"): {"mlp.c_proj"},
    ("pfeiffer", "mixtral"): {"mlp"},
    ("parallel", "mixtral"): {"mlp"},
}


@pytest.mark.parametrize(("kind", "model_type"), PLACES)
def test_where_they_stand(small_base: SmallBase, kind: str, model_type: str) -> None:
    body = Adapter(kind=kind).attach(load_base(str(small_base(model_type))).model, 0)
    paths = [path for path, module in body.named_modules() if isinstance(module, Bottleneck)]
    assert {re.split(r"\.\d+\.", path, maxsplit=1)[1] for path in paths} == PLACES[kind, model_type]
    assert len(paths) == 2 * len(PLACES[kind, model_type])  # in both layers


@pytest.mark.parametrize("kind", ["houlsby", "pfeiffer", "parallel"])
def test_the_formula_in_a_layer(small_base: SmallBase, kind: str) -> None:
    """A feed-forward of Llama, written out: y + s U gelu(D x), x being y behind it and its input beside it."""
    body: Any = learned(Adapter(kind=kind, width=5, scale=2.0), small_base("llama")).eval()
    plain = load_base(str(small_base("llama"))).model.model.layers[1].mlp
    mlp = body.get_base_model().model.layers[1].mlp
    torch.manual_seed(2)
    rows = torch.randn(3, 32)
    down, up = (getattr(mlp.down_proj, f"bottleneck_{part}")["default"] for part in ("down", "up"))
    with torch.no_grad():
        states = plain(rows)
        read = rows if kind == "parallel" else states
        inner = gelu(read @ down.weight.T + down.bias)
        wanted = states + 2.0 * (inner @ up.weight.T + up.bias)
        assert torch.allclose(mlp(rows), wanted, atol=1e-5)
        assert not torch.allclose(wanted, states, atol=1e-2)


def test_how_wide_they_are(small_base: SmallBase) -> None:
    def width(**settings: Any) -> int:
        body: Any = Adapter(**settings).attach(load_base(str(small_base("llama"))).model, 0)
        return int(body.peft_config["default"].width)

    assert (width(), width(reduction=4), width(width=7), width(reduction=999)) == (2, 8, 7, 1)


def test_dropout_acts_in_training_alone(small_base: SmallBase) -> None:
    body = learned(Adapter(dropout=0.5), small_base("llama"))
    assert torch.equal(scores(body.eval()), scores(body.eval()))
    assert not torch.equal(scores(body.train()), scores(body.eval()))


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
@pytest.mark.parametrize("kind", ["pfeiffer", "parallel"])
def test_an_adapter_stands_upon_a_finished_one(
    small_base: SmallBase, kind: str, model_type: str, tmp_path: Path
) -> None:
    """Each of three starts as what lies beneath it, learns alone, and loads without the folders of the others."""
    base, below = small_base(model_type), None
    for floor in range(3):
        method = Adapter(kind=kind, width=3, base_adapter=below)
        before = None if below is None else scores(method.load(str(base), Path(below)).model)
        body: Any = method.attach(load_base(str(base)).model, floor).eval()
        assert before is None or torch.equal(scores(body), before)
        learns = {name for name, weight in body.named_parameters() if weight.requires_grad}
        assert learns == {
            name for name, _ in body.named_parameters() if ".bottleneck_" in name and ".default." in name
        }
        _shake(body)
        below = str(tmp_path / f"{floor}")
        method.save(body, Path(below))
    (tmp_path / "2").rename(tmp_path / "moved")
    for floor in range(2):
        (tmp_path / f"{floor}").rename(tmp_path / f"gone {floor}")
    loaded = method.load(str(base), tmp_path / "moved").model
    assert torch.equal(scores(loaded), scores(body))
    assert not any(weight.requires_grad for weight in loaded.parameters())
    with known_warnings_silenced():
        loaded.set_adapter("default")  # alone, without what lies beneath, it is another
    assert not torch.allclose(scores(loaded), scores(body), atol=1e-4)


def test_what_cannot_stand_beneath_is_refused(small_base: SmallBase, tmp_path: Path) -> None:
    def attach(folder: Path) -> None:
        Adapter(base_adapter=str(folder)).attach(load_base(str(small_base("llama"))).model, 0)

    with pytest.raises(UserError, match=r"base_adapter: .* holds no finished adapter .*: give the folder"):
        attach(tmp_path / "nowhere")
    Lora(rank=2).save(Lora(rank=2).attach(load_base(str(small_base("llama"))).model, 0), tmp_path / "lora")
    with pytest.raises(UserError, match="an adapter of the type LORA; only what the method 'adapter' made"):
        attach(tmp_path / "lora")
    Adapter().save(Adapter().attach(load_base(str(small_base("gpt2"))).model, 0), tmp_path / "gpt2")
    with pytest.raises(UserError, match="was learned on a base of another shape: give one of this base"):
        attach(tmp_path / "gpt2")


def test_a_base_whose_sub_layers_it_does_not_know_is_refused() -> None:
    from transformers import MambaConfig, MambaModel

    body = MambaModel(MambaConfig(hidden_size=8, num_hidden_layers=1, vocab_size=16, state_size=4))
    with pytest.raises(UserError, match="adapter knows no sub-layer of the family 'mamba': choose lora"):
        Adapter().attach(body, 0)


@pytest.mark.parametrize("kind", ["houlsby", "pfeiffer", "parallel"])
def test_it_learns_and_the_base_stays_as_it_is(small_base: SmallBase, kind: str) -> None:
    base = load_base(str(small_base("llama"))).model
    before = {name: weight.clone() for name, weight in base.named_parameters()}
    first = scores(base).sum()
    body = after_training(Adapter(kind=kind, width=8), small_base("llama"))
    assert scores(body).sum() > first + 0.1
    after = {
        name.replace("base_layer.", ""): weight for name, weight in body.get_base_model().named_parameters()
    }
    assert all(torch.equal(weight, after[name]) for name, weight in before.items())


def _shake(body: Any) -> None:
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in body.parameters():
            if weight.requires_grad:
                weight += 0.3 * torch.randn_like(weight)
