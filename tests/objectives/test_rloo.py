"""RLOO's loss against numbers worked out by hand."""

import math

import pytest

from overtone.objectives.rloo import Rloo
from tests.objectives.drawn import drawn, losses, valued


def test_every_token_of_an_answer_carries_the_advantage_of_the_whole() -> None:
    """Rewards 3 and 1: advantages 2 and -2, whatever the lengths; the gradient is that of REINFORCE."""
    answers = valued(Rloo(beta=0), [drawn(3, [-1, -2]), drawn(1, [-0.5])])
    assert [answer.advantages[0] for answer in answers] == [2, -2]
    total, _, slope = losses(Rloo(beta=0), answers, [-1, -2, -0.5])
    assert total.item() == pytest.approx(0)
    assert slope == pytest.approx([-2, -2, 2])


def test_what_an_answer_has_gained_in_likelihood_is_taken_off_its_reward() -> None:
    """The first gained 2 nats: 3 - 0.5 * 2 = 2 against 1."""
    first, second = drawn(3, [-1, -2], references=(-2.0, -3.0)), drawn(1, [-1], references=(-1.0,))
    answers = valued(Rloo(beta=0.5), [first, second])
    assert [answer.advantages[0] for answer in answers] == pytest.approx([1, -1])


def test_the_ratio_of_whole_answers_is_clipped() -> None:
    """Ratios 1.5 (of 1.25 and 1.2) clipped to 1.2, and 0.9 of the other: -(1.2 * 2) + 0.9 * 2."""
    answers = valued(Rloo(beta=0), [drawn(3, [-1, -2]), drawn(1, [-1])])
    now = [-1 + math.log(1.25), -2 + math.log(1.2), -1 + math.log(0.9)]
    total, held, slope = losses(Rloo(beta=0), answers, now)
    assert total.item() == pytest.approx(-0.6)
    assert slope == pytest.approx([0, 0, 1.8])
    assert held.tolist() == [1, 1, 0]
