"""GRPO's loss against numbers worked out by hand."""

import math

import pytest

from overtone.objectives.grpo import Grpo
from tests.objectives.drawn import drawn, losses, valued


def test_the_loss_is_the_mean_over_tokens_of_each_answer() -> None:
    """Advantages 1 and -1; at ratio 1 the gradient of a token is minus the advantage over its answer's length."""
    answers = valued(Grpo(beta=0), [drawn(3, [-1, -2]), drawn(1, [-0.5])])
    assert [answer.advantages for answer in answers] == [(1, 1), (-1,)]
    total, held, slope = losses(Grpo(beta=0), answers, [-1, -2, -0.5])
    assert total.item() == pytest.approx(0)
    assert slope == pytest.approx([-0.5, -0.5, 1])
    assert held.tolist() == [0, 0, 0]


def test_ratios_are_clipped_token_by_token() -> None:
    """Ratios 1.5 (clipped to 1.2) and 0.9 of a good answer, 1.5 of a bad one: -(1.2 + 0.9) / 2 + 1.5."""
    answers = valued(Grpo(beta=0, updates=2), [drawn(3, [-1, -2]), drawn(1, [-2])])
    now = [-1 + math.log(1.5), -2 + math.log(0.9), -2 + math.log(1.5)]
    total, held, slope = losses(Grpo(beta=0), answers, now)
    assert total.item() == pytest.approx(0.45)
    assert slope == pytest.approx([0, -0.45, 1.5])
    assert held.tolist() == [1, 0, 0]


def test_the_divergence_is_taken_off_at_each_token() -> None:
    """With equal rewards it alone is left: beta (r - log r - 1) with r = 2, and its gradient beta (1 - r)."""
    reference = (-1 + math.log(2),)
    answers = valued(Grpo(), [drawn(1, [-1], references=reference), drawn(1, [-1], references=(-1.0,))])
    total, _, slope = losses(Grpo(beta=0.5), answers, [-1, -1])
    assert total.item() == pytest.approx(0.5 * (1 - math.log(2)), rel=1e-5)
    assert slope == pytest.approx([-0.5, 0], abs=1e-6)
