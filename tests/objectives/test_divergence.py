"""The divergences: numbers worked out by hand, and what each promises."""

import math

import pytest
import torch

from overtone.objectives.divergence import BY_NAME, divergence, with_rest

TEACHER = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64).log()
STUDENT = torch.tensor([0.25, 0.25, 0.5], dtype=torch.float64).log()


@pytest.mark.parametrize(
    ("name", "beta", "wanted"),
    [
        ("forward_kl", 0.5, 0.5 * math.log(2) + 0.3 * math.log(1.2) + 0.2 * math.log(0.4)),
        ("reverse_kl", 0.5, 0.25 * math.log(0.5) + 0.25 * math.log(5 / 6) + 0.5 * math.log(2.5)),
        ("jensen_shannon", 0.5, 0.055582470863469284),  # these two by TRL's generalized_jsd_loss
        ("jensen_shannon", 0.1, 0.01962266143511873),
    ],
)
def test_numbers_are_those_by_hand_and_of_a_reference(name, beta, wanted):
    assert divergence(name, beta, TEACHER, STUDENT).item() == pytest.approx(wanted, abs=1e-8)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_each_is_nothing_for_equals_and_above_nothing_else(name):
    assert divergence(name, 0.3, TEACHER, TEACHER).item() == pytest.approx(0, abs=1e-12)
    assert divergence(name, 0.3, TEACHER, STUDENT).item() > 0.01


def test_jensen_shannon_over_a_small_beta_is_the_forward_divergence():
    """The limit that Agarwal et al. state behind their equation 2."""
    found = divergence("jensen_shannon", 1e-6, TEACHER, STUDENT) / 1e-6
    assert found.item() == pytest.approx(divergence("forward_kl", 0.5, TEACHER, STUDENT).item(), rel=1e-4)


@pytest.mark.parametrize("name", list(BY_NAME))
def test_outcomes_taken_together_never_add_to_the_distance(name):
    whole = divergence(name, 0.5, TEACHER, STUDENT)
    part = divergence(name, 0.5, with_rest(TEACHER[:1]), with_rest(STUDENT[:1]))
    assert 0 < part.item() < whole.item()
    two = divergence(name, 0.5, with_rest(TEACHER[:2]), with_rest(STUDENT[:2]))
    assert two.item() == pytest.approx(whole.item(), rel=1e-9), "the rest is one outcome, told apart anyway"


def test_a_rest_of_nothing_is_finite_with_its_gradient():
    student = torch.zeros(3, requires_grad=True)
    told = with_rest(student.log_softmax(-1))
    divergence("reverse_kl", 0.5, with_rest(torch.tensor([0.5, 0.25, 0.25]).log()), told).backward()
    assert student.grad is not None and student.grad.isfinite().all()
