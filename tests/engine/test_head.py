"""The chunked head gives the log-probabilities and gradients of the plain formula, without the full logits."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from overtone.engine import logits as logits_module
from overtone.engine.head import log_likelihood, top_k, weighted_log_likelihood

POSITIONS, HIDDEN, VOCABULARY = 23, 12, 40


def plain() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(HIDDEN, VOCABULARY, bias=False).double()


def biased() -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(HIDDEN, VOCABULARY).double()


def adapted(**settings: Any) -> nn.Module:
    from peft import LoraConfig, inject_adapter_in_model

    config = LoraConfig(r=3, target_modules=["0"], init_lora_weights=False, **settings)
    module: nn.Module = inject_adapter_in_model(config, nn.Sequential(biased()))[0]
    return module.double()


PROJECTIONS: dict[str, Callable[[], nn.Module]] = {
    "plain": plain,
    "frozen": lambda: plain().requires_grad_(False),
    "biased": biased,
    "adapted": adapted,
    "unusual": lambda: adapted(use_dora=True),
}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logits_module, "CHUNK_BYTES", 4 * 4 * VOCABULARY)


def problem(scale: float = 3.0) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    hidden = (torch.randn(POSITIONS, HIDDEN, generator=generator).double() * scale).requires_grad_(True)
    targets = torch.randint(VOCABULARY, (POSITIONS,), generator=generator)
    return hidden, targets, torch.randn(POSITIONS, generator=generator).double()


def reference(hidden: Tensor, projection: nn.Module, targets: Tensor, softcap: float | None) -> Tensor:
    logits = projection(hidden)
    logits = logits if softcap is None else softcap * torch.tanh(logits / softcap)
    return logits.log_softmax(-1).gather(1, targets[:, None])[:, 0]


def gradients(total: Tensor, hidden: Tensor, projection: nn.Module) -> tuple[Tensor, ...]:
    learned = [weight for weight in projection.parameters() if weight.requires_grad]
    return torch.autograd.grad(total, [hidden, *learned])


@pytest.mark.parametrize("softcap", [None, 4.0])
@pytest.mark.parametrize("kind", PROJECTIONS)
def test_equals_the_plain_formula(kind: str, softcap: float | None) -> None:
    projection, (hidden, targets, weights) = PROJECTIONS[kind](), problem()
    wanted = reference(hidden, projection, targets, softcap)
    of_wanted = gradients((wanted * weights).sum(), hidden, projection)
    each = log_likelihood(hidden, projection, targets, softcap)
    total, values = weighted_log_likelihood(hidden, projection, targets, weights, softcap)
    assert not values.requires_grad
    assert torch.allclose(each, wanted) and torch.allclose(values, wanted)
    assert torch.allclose(total, (wanted * weights).sum())
    for found in (
        gradients((each * weights).sum(), hidden, projection),
        gradients(total, hidden, projection),
    ):
        for one, other in zip(found, of_wanted, strict=True):
            assert torch.allclose(one, other, rtol=1e-9, atol=1e-9)


def test_a_loss_is_any_function_of_the_sum() -> None:
    projection, (hidden, targets, weights) = plain(), problem()
    once = gradients(weighted_log_likelihood(hidden, projection, targets, weights)[0], hidden, projection)
    total, _ = weighted_log_likelihood(hidden, projection, targets, weights)
    for one, other in zip(gradients(-total / 7, hidden, projection), once, strict=True):
        assert torch.allclose(one, other / -7)


def test_very_unlikely_targets_are_finite() -> None:
    projection, (hidden, targets, weights) = plain().float(), problem(scale=3000.0)
    hidden = hidden.detach().float().requires_grad_(True)
    wanted = reference(hidden.double(), plain(), targets, None)
    assert wanted.min() < -200  # their probability is zero in float32
    total, values = weighted_log_likelihood(hidden, projection, targets, weights.float())
    assert torch.allclose(values.double(), wanted, rtol=1e-5, atol=1e-3)
    assert all(grad.isfinite().all() for grad in gradients(total, hidden, projection))


def test_the_likeliest_tokens() -> None:
    projection, (hidden, _, _) = adapted(), problem()
    values, tokens = top_k(hidden, projection, 5)
    wanted = projection(hidden).log_softmax(-1).topk(5)
    assert torch.equal(tokens, wanted.indices)
    assert torch.allclose(values, wanted.values)


def test_no_positions() -> None:
    projection, nothing = biased(), torch.empty(0, HIDDEN, dtype=torch.double, requires_grad=True)
    none = torch.empty(0, dtype=torch.long)
    assert log_likelihood(nothing, projection, none).shape == (0,)
    total, _ = weighted_log_likelihood(nothing, projection, none, torch.empty(0, dtype=torch.double))
    assert total == 0
    assert gradients(total, nothing, projection)[1].abs().max() == 0


class Largest(TorchDispatchMode):
    """The size of the largest tensor that any operation makes."""

    elements = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        made = result if isinstance(result, tuple) else (result,)
        self.elements = max([self.elements, *(part.numel() for part in made if isinstance(part, Tensor))])
        return result


@pytest.mark.parametrize("kind", ["frozen", "adapted", "unusual"])
def test_memory_does_not_grow_with_positions_times_vocabulary(kind: str) -> None:
    projection = PROJECTIONS[kind]()
    hidden = torch.randn(1000, HIDDEN, dtype=torch.double, requires_grad=True)
    targets = torch.zeros(1000, dtype=torch.long)
    with Largest() as largest:
        log_likelihood(hidden, projection, targets).sum().backward()
        weighted_log_likelihood(hidden, projection, targets, torch.ones(1000).double())[0].backward()
        top_k(hidden, projection, 3)
    assert largest.elements <= 1000 * HIDDEN < 1000 * VOCABULARY / 3
