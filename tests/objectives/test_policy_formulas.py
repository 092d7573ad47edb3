"""The formulas of learning from rewards against numbers worked out by hand."""

import math

import pytest
import torch

from overtone.objectives.policy_formulas import (
    divergence,
    estimated_advantages,
    leave_one_out,
    outside,
    surrogate,
    within_group,
)


def test_advantages_in_a_group_are_deviations_from_its_mean() -> None:
    assert within_group([1, 0, 0, 1]) == [1, -1, -1, 1]
    assert within_group([3, 1, 2]) == pytest.approx([1.2247449, -1.2247449, 0])
    assert within_group([0.7, 0.7]) == [0, 0]
    assert within_group([5]) == [0]


def test_an_answer_is_held_against_the_others_alone() -> None:
    assert leave_one_out([1, 0, 0, 1]) == pytest.approx([2 / 3, -2 / 3, -2 / 3, 2 / 3])
    assert leave_one_out([6, 0]) == [6, -6]
    assert leave_one_out([6]) == [0]


def test_generalised_advantages() -> None:
    """Surprises -0.1, 0.2 and 0.4, each with 0.95 of what comes after it."""
    assert estimated_advantages([0, 0, 1], [0.5, 0.4, 0.6], 1, 0.95) == pytest.approx([0.451, 0.58, 0.4])
    assert estimated_advantages([0, 0, 1], [0.5, 0.4, 0.6], 0.9, 0.5) == pytest.approx([0.004, 0.32, 0.4])
    # lambda 1 is what follows less the value, lambda 0 the surprise alone
    assert estimated_advantages([1, 2], [0.5, 0.5], 1, 1) == pytest.approx([2.5, 1.5])
    assert estimated_advantages([1, 2], [0.5, 0.5], 1, 0) == pytest.approx([1, 1.5])


def test_a_ratio_gains_nothing_beyond_the_clip_but_loses_there() -> None:
    ratios, advantages = torch.tensor([1.5, 1.5, 0.5, 0.5, 1.1]), torch.tensor([2.0, -2.0, 2.0, -2.0, 1.0])
    assert surrogate(ratios, advantages, 0.2).tolist() == pytest.approx([2.4, -3, 1, -1.6, 1.1])
    assert outside(ratios, advantages, 0.2).tolist() == [1, 0, 0, 1, 0]
    ratios.requires_grad_()
    (slope,) = torch.autograd.grad(surrogate(ratios, advantages, 0.2).sum(), ratios)
    assert slope.tolist() == [0, -2, 2, 0, 1]


def test_the_divergence_at_a_token() -> None:
    now, reference = torch.tensor([0.5, 0.5, 0.5]).log(), torch.tensor([0.25, 1.0, 0.5]).log()
    assert divergence(now, reference).tolist() == pytest.approx([math.log(2) - 0.5, 1 - math.log(2), 0])


def test_its_mean_over_draws_is_the_divergence() -> None:
    now, reference = torch.tensor([0.7, 0.2, 0.1]), torch.tensor([0.3, 0.3, 0.4])
    mean = (now * divergence(now.log(), reference.log())).sum().item()
    assert mean == pytest.approx((now * (now / reference).log()).sum().item())
