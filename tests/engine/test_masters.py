"""Half-precision weights follow float32 masters: what is updated is exact, what is computed with is rounded."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from overtone.engine.masters import MASTER, keep_masters, take_type

RATE = 1e-4  # of which bfloat16 beside a weight of 1 sees nothing: its numbers there are 1/128 apart


def optimizer_of(model: nn.Module) -> torch.optim.AdamW:
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, fused=True)
    keep_masters(optimizer)
    return optimizer


def drawn(dtype: torch.dtype) -> nn.Linear:
    torch.manual_seed(0)
    layer = nn.Linear(6, 5).to(torch.bfloat16)
    return layer.to(dtype)


def gradients(step: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(step)
    return [torch.randn(shape, generator=generator).bfloat16() for shape in ((5, 6), (5,))]


def train(model: nn.Module, optimizer: Any, steps: range, downhill: bool = False) -> None:
    for step in steps:
        for weight, grad in zip(model.parameters(), gradients(step), strict=True):
            weight.grad = (grad.abs() if downhill else grad).to(weight.dtype)
        optimizer.step()


def test_masters_are_the_weights_of_a_training_in_float32() -> None:
    half, single = drawn(torch.bfloat16), drawn(torch.float32)
    places = [weight.data_ptr() for weight in half.parameters()]
    optimizer = optimizer_of(half)
    train(half, optimizer, range(40))
    train(single, optimizer_of(single), range(40))
    for weight, wanted in zip(half.parameters(), single.parameters(), strict=True):
        assert torch.equal(optimizer.state[weight][MASTER], wanted)
        assert torch.equal(weight, wanted.bfloat16())
        assert optimizer.state[weight]["exp_avg"].dtype == torch.float32
        assert weight.grad is None
    assert [weight.data_ptr() for weight in half.parameters()] == places


def test_without_masters_the_steps_are_lost() -> None:
    still, moved = drawn(torch.bfloat16), drawn(torch.bfloat16)
    for model in (still, moved):
        nn.init.ones_(model.weight)
    train(still, torch.optim.AdamW(still.parameters(), lr=RATE), range(60), True)
    train(moved, optimizer_of(moved), range(60), True)
    assert torch.equal(still.weight, torch.ones_like(still.weight))
    assert not torch.equal(moved.weight, still.weight)


def test_a_training_goes_on_from_its_state() -> None:
    whole, begun = drawn(torch.bfloat16), drawn(torch.bfloat16)
    train(whole, optimizer_of(whole), range(8))
    first = optimizer_of(begun)
    train(begun, first, range(5))
    resumed = copy.deepcopy(begun)
    second = optimizer_of(resumed)
    for weight, old in zip(resumed.parameters(), begun.parameters(), strict=True):
        second.state[weight] = {key: value.clone() for key, value in first.state[old].items()}
    train(resumed, second, range(5, 8))
    assert all(torch.equal(*pair) for pair in zip(resumed.parameters(), whole.parameters(), strict=True))


def test_a_weight_without_gradient_stays() -> None:
    model = drawn(torch.bfloat16)
    before, optimizer = model.bias.detach().clone(), optimizer_of(model)
    model.weight.grad = gradients(0)[0]
    optimizer.step()
    assert torch.equal(model.bias, before) and not optimizer.state[model.bias]


def test_weights_in_float32_have_no_master() -> None:
    model = drawn(torch.float32)
    optimizer = optimizer_of(model)
    train(model, optimizer, range(1))
    assert MASTER not in optimizer.state[model.weight]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_learns_takes_the_type_of_the_body(dtype: torch.dtype) -> None:
    body = nn.Linear(3, 3, dtype=dtype).requires_grad_(False)
    learner = nn.ModuleDict({"body": body, "head": nn.Linear(3, 2)})
    fixed = nn.Parameter(torch.zeros(2), requires_grad=False)
    learner.register_parameter("fixed", fixed)
    head = learner["head"].weight
    take_type(learner, body)
    assert learner["head"].weight is head and head.dtype == dtype
    assert fixed.dtype == torch.float32
