"""PPO's loss and its advantages against numbers worked out by hand."""

import math
from typing import Any

import pytest
import torch

from overtone.objectives.policy_rows import Drawn
from overtone.objectives.ppo import Ppo
from tests.objectives.drawn import drawn, losses, valued

VALUES = {3: (0.5, 0.4, 0.6), 1: (0.2,)}


def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head whose values are known by the length of an answer."""
    from overtone.engine import valued as engine

    def values(learner: Any, answers: list[Drawn], tokens: int) -> Any:
        return (VALUES[len(answer.before)] for answer in answers)

    monkeypatch.setattr(engine, "values_of", values)


def test_the_reward_follows_the_last_token_and_what_was_gained_is_taken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second token gained 2 nats: rewards 0, -0.2, 1; surprises -0.1, 0, 0.4; returns are advantage and value."""
    known(monkeypatch)
    gained = drawn(1, [-1, -1, -1], references=(-1.0, -3.0, -1.0))
    (answer,) = valued(Ppo(beta=0.1), [gained])
    raw = [0.95 * 0.95 * 0.4 - 0.1, 0.95 * 0.4, 0.4]
    assert answer.returns == pytest.approx([one + value for one, value in zip(raw, VALUES[3], strict=True)])
    mean = sum(raw) / 3
    spread = math.sqrt(sum((one - mean) ** 2 for one in raw) / 3)
    assert answer.advantages == pytest.approx([(one - mean) / spread for one in raw])


def test_every_token_of_a_step_counts_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers of four tokens: the loss, divided by the answers, is a mean over tokens."""
    known(monkeypatch)
    answers = valued(Ppo(beta=0), [drawn(1, [-1, -1, -1])], [drawn(0, [-1])])
    assert [answer.weight for answer in answers] == [0.5, 0.5]
    every = [one for answer in answers for one in answer.advantages]
    assert sum(every) == pytest.approx(0)
    assert sum(one * one for one in every) == pytest.approx(4)


def test_policy_and_value_are_clipped() -> None:
    """Ratios 1.5 (to 1.2) and 0.9; the second value may move by 0.2 only, and the greater error counts."""
    answer = drawn(1, [-1, -1], advantages=(1.0, 1.0), values=(0.0, 0.0), returns=(1.0, 1.0), weight=1.0)
    now = [-1 + math.log(1.5), -1 + math.log(0.9)]
    total, held, slope = losses(Ppo(beta=0, value_weight=0.5), [answer], now, [0.1, 0.7])
    assert total.item() == pytest.approx(-1.2 - 0.9 + 0.5 * (0.9**2 + 0.8**2) / 2)
    assert slope == pytest.approx([0, -0.9])
    assert held.tolist() == [1, 0]


def test_values_stand_before_each_drawn_token(small_base: Any) -> None:
    """The head reads the state that predicts the token, as the plain model computes it."""
    from overtone.engine.valued import valued_log_probabilities, values_of
    from overtone.models.base import load_base
    from overtone.train.artifact import make_learner

    base = load_base(str(small_base("llama")))
    learner = make_learner(base, base.model, ("value",), 0.0, 0).eval()
    rows = [
        Drawn((1, 30, 31, 32, 40, 41), (False,) * 4 + (True,) * 2),
        Drawn((1, 30, 31, 32, 50), (False,) * 4 + (True,)),
    ]
    _, index, values = valued_log_probabilities(learner, rows)
    assert index.tolist() == [0, 0, 1]
    for row, places in zip(rows, ([3, 4], [3]), strict=True):
        tokens = torch.tensor([row.tokens])
        states = base.model.base_model(input_ids=tokens).last_hidden_state[0]
        assert learner.head is not None
        wanted = learner.head(states[places])[:, 0]
        mine = values[index == rows.index(row)]
        assert torch.allclose(mine, wanted, atol=1e-5)
    found = list(values_of(learner, rows, 4))
    assert [len(one) for one in found] == [2, 1]
    assert [one for row in found for one in row] == pytest.approx(values.tolist(), abs=1e-5)
