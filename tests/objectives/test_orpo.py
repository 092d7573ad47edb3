"""Odds ratio preference optimisation: known numbers, and none that is not finite."""

import math

import pytest

from overtone.objectives.orpo import Orpo
from tests.objectives.pairs import answer, gradient, loss_of, pair


def test_loss_and_gradient_are_those_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of probability 0.8 and 0.5 in the mean: odds 4 and 1, so the loss is log(1 / 0.8) + 0.1 * log(5 / 4).

    By the mean log-probability m the log of the odds rises at 1 / (1 - p), and the second term falls at 0.1 / 5 of it.
    """
    row = pair(answer(length=2), answer(length=3, reference=-99))
    loss, values = loss_of(monkeypatch, Orpo(), [row], [2 * math.log(0.8), 3 * math.log(0.5)])
    assert loss.total.item() == pytest.approx(1.1 * math.log(1.25), rel=1e-6)
    assert gradient(loss, values) == pytest.approx([-(1 + 0.02 / 0.2) / 2, 0.02 / 0.5 / 3], rel=1e-5)
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(math.log(4), rel=1e-5)}


def test_the_weight_is_that_of_the_odds_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [pair(answer(), answer()), pair(answer(), answer())]
    known = [math.log(0.8), math.log(0.5), math.log(0.5), math.log(0.8)]
    loss, _ = loss_of(monkeypatch, Orpo(odds_weight=2), rows, known)
    assert loss.total.item() == pytest.approx(math.log(1.25 * 2) + 2 * math.log(1.25 * 5), rel=1e-5)
    assert (loss.units, loss.sums["accuracy"]) == (2, 1)


@pytest.mark.parametrize("known", [(0, -1), (-1, 0), (0, 0), (-1e-9, -500), (-500, -1e-9)])
def test_certain_and_impossible_answers_have_finite_losses_and_gradients(
    monkeypatch: pytest.MonkeyPatch, known: tuple[float, float]
) -> None:
    loss, values = loss_of(monkeypatch, Orpo(), [pair(answer(), answer())], known)
    assert math.isfinite(loss.total.item())
    assert all(map(math.isfinite, gradient(loss, values)))
