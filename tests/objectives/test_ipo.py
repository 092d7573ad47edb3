"""Identity preference optimisation: known numbers."""

import pytest

from overtone.objectives.ipo import Ipo
from tests.objectives.pairs import answer, gradient, loss_of, pair

ROW = pair(answer(reference=-11), answer(length=3, reference=-10))


def test_loss_and_gradient_are_those_worked_out_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chosen gained 1 nat, rejected lost 2: (3 - 1 / (2 * 0.1)) ** 2, gradient 2 * (3 - 5), whatever the lengths."""
    loss, values = loss_of(monkeypatch, Ipo(), [ROW], [-10, -12])
    assert loss.total.item() == pytest.approx(4, rel=1e-5)
    assert gradient(loss, values) == pytest.approx([-4, 4], rel=1e-5)
    assert loss.sums == {"accuracy": 1, "margin": pytest.approx(0.3, rel=1e-5)}


def test_a_pair_beyond_its_margin_is_called_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """With beta 0.5 the margin wanted is 1 nat: 3 is 2 too much, and -1 is 2 too little."""
    rows = [ROW, pair(answer(), answer())]
    loss, values = loss_of(monkeypatch, Ipo(beta=0.5), rows, [-10, -12, -2, -1])
    assert (loss.total.item(), loss.units) == (pytest.approx(8, rel=1e-5), 2)
    assert gradient(loss, values) == pytest.approx([4, -4, -4, 4], rel=1e-5)
    assert loss.sums["accuracy"] == 1
