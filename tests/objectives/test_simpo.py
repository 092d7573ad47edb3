"""Simple preference optimisation: known numbers."""

import math

import pytest

from overtone.objectives.simpo import Simpo
from tests.objectives.pairs import answer, gradient, loss_of, pair

ROW = pair(answer(length=4, reference=-1), answer(length=2, reference=-99))


def test_loss_and_gradient_are_those_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means -0.5 and -1.5 a token: 2 * 1 - 1 = 1, loss log(1 + exp(-1)), gradient -2 / 4 and 2 / 2 of 1 / (1 + e)."""
    loss, values = loss_of(monkeypatch, Simpo(), [ROW], [-2, -3])
    assert loss.total.item() == pytest.approx(0.3132616875182, rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-0.5 * 0.2689414214, 0.2689414214], rel=1e-5)
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(2, rel=1e-6)}


def test_gamma_asks_for_a_margin_and_the_accuracy_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROW, pair(answer(length=2), answer(length=1))]
    loss, _ = loss_of(monkeypatch, Simpo(beta=1, gamma=1.5), rows, [-2, -3, -2, -1])
    assert loss.total.item() == pytest.approx(math.log1p(math.exp(0.5)) + math.log1p(math.exp(1.5)), rel=1e-6)
    assert (loss.units, loss.sums["accuracy"]) == (2, 1)
