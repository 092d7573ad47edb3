"""On CUDA models equal themselves in main memory, whatever is kept for the backward pass."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from overtone.engine.activations import check_activations, keeping
from overtone.engine.flat import flat_states
from overtone.engine.layout import layout_of
from overtone.engine.lean.decoder import lean_states
from overtone.engine.masters import keep_masters, take_type
from overtone.engine.pack import pack
from overtone.engine.score import total_log_probability
from overtone.engine.stream import Stream
from overtone.methods.method import Method
from overtone.models.base import load_base
from overtone.models.families import FAMILIES
from tests.engine.lean.models import VARIANTS, adapt, make_model
from tests.engine.lean.models import rows as some_rows
from tests.engine.rows import ROWS

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.filterwarnings("default"),
]
SmallBase = Callable[[str], Path]
LIMITS = {torch.float32: 1e-4, torch.bfloat16: 6e-2}
LEARN = [name for name, family in FAMILIES.items() if family.flat and family.kind != "encoder-decoder"]


def results(model: Any, states: Any, stream: Stream, how: str = "keep") -> dict[str, Tensor]:
    """States and gradients, in float64 in main memory."""
    model.zero_grad()
    with keeping(how, model):
        found = states(model, stream.to(next(model.parameters()).device))
    directions = torch.randn(found.shape, generator=torch.Generator().manual_seed(1))
    (found * directions.to(found)).sum().backward()
    learned = {name: weight.grad for name, weight in model.named_parameters() if weight.grad is not None}
    return {name: tensor.detach().double().cpu() for name, tensor in {"states": found, **learned}.items()}


def assert_near(found: dict[str, Tensor], wanted: dict[str, Tensor], limit: float) -> None:
    largest = max(tensor.norm() for name, tensor in wanted.items() if name != "states")
    assert found.keys() == wanted.keys()
    for name, tensor in wanted.items():
        assert (found[name] - tensor).norm() <= limit * max(tensor.norm(), largest / 10), name


def onto_cuda(model: Any, dtype: torch.dtype) -> Any:
    """As loading does it: weights in the type, angles in float32."""
    for weight in model.parameters():
        weight.data = weight.data.to(dtype)
    return model.to("cuda")


@pytest.mark.parametrize("how", ["keep", "recompute", "offload"])
@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_lean(variant: str, dtype: torch.dtype, how: str) -> None:
    stream = pack([*some_rows(), [*some_rows()[0], 5], [*some_rows()[0], 7, 8]])
    for made in (make_model, lambda kind: adapt(make_model(kind)).get_base_model()):
        wanted = results(made(variant).double(), lean_states, stream)
        assert_near(
            results(onto_cuda(made(variant), dtype).train(), lean_states, stream, how), wanted, LIMITS[dtype]
        )


@pytest.mark.parametrize("how", ["keep", "recompute", "offload"])
@pytest.mark.parametrize("model_type", LEARN)
def test_flat(small_base: SmallBase, model_type: str, how: str) -> None:
    stream = pack(ROWS, share=FAMILIES[model_type].kind == "decoder")
    wanted = results(load_base(str(small_base(model_type))).model.cpu(), flat_states, stream)
    model = load_base(str(small_base(model_type))).model
    for module in model.modules():  # layers in training mode are computed again, dropout in them rests
        module.training = hasattr(module, "gradient_checkpointing")
        if module.training and hasattr(module, "dropout"):
            module.dropout = 0.0
    check_activations(how, model)
    assert_near(results(model, flat_states, stream, how), wanted, 1e-3)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
@pytest.mark.parametrize("method", ["full", "lora"])
def test_a_training_in_half_precision_follows_one_in_single(
    small_base: SmallBase, model_type: str, method: str
) -> None:
    losses = {}
    for precision in ("float32", "bfloat16"):
        base = load_base(str(small_base(model_type)), precision)  # type: ignore[arg-type]
        body: Any = Method.find(method)().attach(base.model, 0).eval()
        take_type(body, base.model)
        assert layout_of(body).name == ("lean" if model_type == "llama" else "flat")
        weights = [weight for weight in body.parameters() if weight.requires_grad]
        optimizer = torch.optim.AdamW(weights, lr=1e-3, fused=True)
        keep_masters(optimizer)
        losses[precision] = [step(body, optimizer) for _ in range(20)]
    assert losses["float32"][-1] < 0.98 * losses["float32"][0]
    assert losses["bfloat16"] == pytest.approx(losses["float32"], rel=2e-2)


def step(body: Any, optimizer: torch.optim.Optimizer) -> float:
    rows = [row for row in ROWS if len(row) > 1]
    optimizer.zero_grad()
    loss = -total_log_probability(body, rows, [[True] * len(row) for row in rows]) / sum(map(len, rows))
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def test_offloading_leaves_less_on_the_device() -> None:
    model = (
        make_model("llama", hidden_size=480, intermediate_size=1024, num_hidden_layers=6).to("cuda").train()
    )
    stream, left = pack([[5] * 60] * 40, share=False).to(torch.device("cuda")), {}
    for how in ("keep", "recompute", "offload"):
        torch.cuda.synchronize()
        before = torch.cuda.memory_allocated()
        with keeping(how, model):
            found = lean_states(model, stream)
        left[how] = torch.cuda.memory_allocated() - before
        found.sum().backward()  # type: ignore[no-untyped-call]
        model.zero_grad()
        del found
    assert left["recompute"] < 0.4 * left["keep"] and left["offload"] < 0.4 * left["keep"]
