"""The elementwise parts as one kernel give what they give step by step; the kernel itself needs CUDA."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.activations import keeping
from overtone.engine.lean import fused
from overtone.engine.lean.decoder import lean_states
from overtone.engine.lean.fronts import Gate, Norm
from overtone.engine.stream import one_by_one
from tests.engine.lean.models import adapt, make_model, rows
from tests.engine.rows import near


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Tensor]]:
    """Compile on a CPU too, without making machine code of it; the first arguments of the calls."""
    asked: list[Tensor] = []
    monkeypatch.setattr(fused, "BACKEND", "aot_eager")
    monkeypatch.setattr(fused, "pays", lambda tensor: asked.append(tensor) or True)  # type: ignore[func-returns-value]
    yield asked
    torch.compiler.reset()


def parts(dtype: torch.dtype) -> list[Tensor]:
    torch.manual_seed(0)
    return [torch.randn(shape, dtype=dtype) for shape in ((5, 12), (5, 12), (5, 12), (12,))]


@torch.no_grad()
def step(dtype: torch.dtype) -> list[Tensor]:
    """Both fronts forward, once more and backward."""
    grad, first, second, weight = parts(dtype)
    norm, gate = Norm(1e-6), Gate()
    output, kept = norm.forward(first, weight)
    found = [output, norm.again((first, weight), kept)[0], gate.forward(first, second)[0]]
    found += norm.backward(grad.clone(), (first, weight), kept, None, (True, True))
    found += gate.backward(
        grad.clone(), (first, second), (), gate.again((first, second), ())[1], (True, True)
    )
    return found


@pytest.mark.parametrize(
    ("dtype", "limit"), [(torch.float64, 1e-14), (torch.float32, 1e-6), (torch.bfloat16, 1e-2)]
)
def test_compiled_parts_are_the_plain_ones(
    dtype: torch.dtype, limit: float, request: pytest.FixtureRequest
) -> None:
    wanted = step(dtype)
    asked = request.getfixturevalue("compiled")
    found = step(dtype)
    assert len(asked) == 5
    for one, other in zip(found, wanted, strict=True):
        assert one.dtype == dtype and near(one, other, limit)


def test_norms_in_half_precision_sum_in_single() -> None:
    grad, first, _, weight = (part.to(torch.float64) for part in parts(torch.bfloat16))
    output, (inverse,) = Norm(1e-6).forward(first.bfloat16(), weight.bfloat16())
    assert inverse.dtype == torch.float32
    exact, kept = Norm(1e-6).forward(first, weight)
    assert torch.equal(output, exact.bfloat16()) and near(inverse, kept[0], 1e-6)
    wanted = Norm(1e-6).backward(grad, (first, weight), kept, None, (True, True))
    halves = (first.bfloat16(), weight.bfloat16())
    found = Norm(1e-6).backward(grad.bfloat16(), halves, (inverse,), None, (True, True))
    assert all(near(one.double(), other, 5e-3) for one, other in zip(found, wanted, strict=True))  # type: ignore[union-attr, arg-type]


def gradients(model: Any, how: str) -> list[Tensor]:
    model.train().zero_grad()
    with keeping(how, model):
        total = lean_states(model.get_base_model(), one_by_one(rows())).square().sum()
    total.backward()  # type: ignore[no-untyped-call]
    return [weight.grad.clone() for weight in model.parameters() if weight.grad is not None]


@pytest.mark.parametrize("how", ["keep", "recompute", "offload"])
def test_a_decoder_of_compiled_parts_learns_the_same(how: str, request: pytest.FixtureRequest) -> None:
    model = adapt(make_model("qwen3"))
    wanted = gradients(model, "keep")
    asked = request.getfixturevalue("compiled")
    found = gradients(model, how)
    assert asked and len(found) == len(wanted)
    assert all(near(one, other, 1e-5) for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("variant", ["llama", "qwen3", "mistral"])
def test_in_half_precision_a_decoder_errs_no_more_than_the_models_own_code(variant: str) -> None:
    stream, exact = one_by_one(rows()), make_model(variant).double()
    half = make_model(variant).to(torch.bfloat16)
    half.base_model.rotary_emb = make_model(
        variant
    ).base_model.rotary_emb  # loading keeps its angles in float32
    with torch.no_grad():
        wanted = lean_states(exact, stream)
        own = [half.base_model(input_ids=torch.tensor([row])).last_hidden_state[0] for row in rows()]
        found, own_error = lean_states(half, stream), (torch.cat(own).double() - wanted).norm()
    assert found.dtype == torch.bfloat16
    assert (found.double() - wanted).norm() < 1.3 * own_error
