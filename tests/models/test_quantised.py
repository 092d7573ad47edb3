"""Bases in 4 and 8 bits: exact against the same base with dense weights, smaller, and refused where they cannot be."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.errors import MissingExtra
from overtone.engine.learner import Learner
from overtone.engine.remember.recipe import make_recipe
from overtone.models import low_bits
from overtone.models.base import Base, load_base
from overtone.models.families import FAMILIES
from overtone.models.quantised import Quantised, compute_in, dense_bytes, precision_of, weight_bytes
from tests.small import write_base

SmallBase = Callable[[str], Path]
SEQUENCES = [[1, 30, 31, 32, 2], [1, 50, 2], [1, 60, 61, 62, 63, 64, 65, 2]]
PRECISIONS = ("nf4", "int8")
precisions = pytest.mark.parametrize("precision", PRECISIONS)


def packed_layers(model: Any) -> dict[str, Quantised]:
    return {path: module for path, module in model.named_modules() if isinstance(module, Quantised)}


def twin_of(quantised: Base, folder: Path) -> Base:
    """The base with dense weights that are those of the quantised one."""
    twin = load_base(str(folder))
    with torch.no_grad():
        for path, layer in packed_layers(quantised.model).items():
            twin.model.get_submodule(path).weight.copy_(layer.weight)
    return twin


def features(base: Base) -> torch.Tensor:
    with torch.no_grad():
        return Learner(base.model).features(SEQUENCES)


@pytest.mark.parametrize(
    ("model_type", "precision"),
    [
        *((family, "nf4") for family in FAMILIES),
        *((family, "int8") for family in ("bert", "gpt2", "llama", "t5")),
    ],
)
def test_it_answers_as_its_dense_twin_and_nearly_as_the_base(
    small_base: SmallBase, model_type: str, precision: Any
) -> None:
    folder = small_base(model_type)
    quantised = load_base(str(folder), precision)
    found, full = features(quantised), features(load_base(str(folder)))
    torch.testing.assert_close(found, features(twin_of(quantised, folder)), rtol=1e-5, atol=1e-6)
    gap = float((found - full).norm() / full.norm())
    assert 0 < gap < {"nf4": 0.5, "int8": 0.03}[precision]


@precisions
def test_every_linear_layer_is_packed_but_the_projection_to_the_vocabulary(
    small_base: SmallBase, precision: Any
) -> None:
    model = load_base(str(small_base("llama")), precision).model
    dense = [path for path, module in model.named_modules() if type(module) is torch.nn.Linear]
    assert dense == ["lm_head"]
    assert len(packed_layers(model)) == 2 * 7
    assert precision_of(model) == precision
    assert precision_of(load_base(str(small_base("llama"))).model) == "float32"


def test_layers_that_keep_inputs_first_are_packed_in_their_own_layout(small_base: SmallBase) -> None:
    model = load_base(str(small_base("gpt2")), "int8").model
    full = load_base(str(small_base("gpt2"))).model
    layer, plain = (one.transformer.h[0].mlp.c_fc for one in (model, full))
    assert layer.weight.shape == plain.weight.shape
    assert layer.scales.shape == (128,)  # one an output
    step = plain.weight.abs().amax(0) / 127
    assert bool(((layer.weight - plain.weight).abs() <= step * 0.501).all())


@precisions
def test_the_weights_take_the_bytes_of_their_bits(tmp_path: Path, precision: Any) -> None:
    """A weight of 4 bits with a scale of 32 for each 64, or of 8 bits with one for each output."""
    folder = write_base(tmp_path, "qwen3")
    model, full = load_base(str(folder), precision).model, load_base(str(folder)).model
    layers = packed_layers(model).values()
    held = {
        "nf4": sum(
            size // 2 + size // 64 * 4 for layer in layers if (size := layer.shape[0] * layer.shape[1])
        ),
        "int8": sum(layer.shape[0] * layer.shape[1] + 4 * layer.shape[0] for layer in layers),
    }
    dense = sum(4 * layer.shape[0] * layer.shape[1] for layer in layers)
    assert weight_bytes(model) == weight_bytes(full) - dense + held[precision]
    assert weight_bytes(model) < weight_bytes(full) / 2
    assert dense_bytes(model) == weight_bytes(full)


def test_work_that_is_remembered_of_one_precision_is_never_another_s(small_base: SmallBase) -> None:
    recipes = [
        make_recipe("base", load_base(str(small_base("bert")), precision).model, "features", {}, "flat")
        for precision in ("float32", "bfloat16", "nf4", "int8")
    ]
    assert len({recipe.digest for recipe in recipes}) == 4
    assert len({recipe.base for recipe in recipes}) == 4
    assert len({recipe.precision for recipe in recipes}) == 4


def test_packed_again_it_is_the_same_to_the_bit(small_base: SmallBase) -> None:
    first, second = (features(load_base(str(small_base("bert")), "nf4")) for _ in range(2))
    assert torch.equal(first, second)


def test_products_take_the_type_that_the_rest_has(small_base: SmallBase) -> None:
    """Codes and scales stay as they are, where a conversion of the whole model would round the scales."""
    base = load_base(str(small_base("llama")), "nf4")
    before = base.model.model.layers[0].mlp.up_proj.scales.clone()
    compute_in(base.model, torch.bfloat16)
    layer = base.model.model.layers[0].mlp.up_proj
    assert layer.weight.dtype == torch.bfloat16
    assert torch.equal(layer.scales, before)
    assert features(base).dtype == torch.bfloat16


def test_where_nothing_can_pack_the_way_out_is_told(
    small_base: SmallBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(low_bits, "find_spec", lambda name: None if name == low_bits.PACKAGE else find(name))
    with pytest.raises(
        MissingExtra, match=r"precision nf4 needs packages .*: pip install 'overtone\[quantized\]'"
    ):
        load_base(str(small_base("bert")), "nf4")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@precisions
def test_on_a_device_it_answers_as_its_dense_twin(small_base: SmallBase, precision: Any) -> None:
    folder = small_base("llama")
    quantised = load_base(str(folder), precision)
    assert packed_layers(quantised.model)["model.layers.0.mlp.up_proj"].codes.is_cuda
    torch.testing.assert_close(
        features(quantised), features(twin_of(quantised, folder)), rtol=1e-5, atol=1e-5
    )
    trained = load_base(str(folder), precision, training=True)
    assert features(trained).dtype == torch.bfloat16
