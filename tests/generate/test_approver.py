"""An approver gives one answer the odds of its reward, and writes where nothing is to be judged."""

import math

import pytest

from overtone.core.example import Message, Question
from overtone.generate.approver import Approver, likelihoods
from tests.generate.tiny import base_of, llama

TURNS = (Message("user", "hi"),)


def asked(*answers: str) -> list[Question]:
    return [Question(str(place), messages=TURNS, choices=(answer,)) for place, answer in enumerate(answers)]


@pytest.mark.parametrize("reward", [-800.0, -2.0, 0.0, 2.0, 800.0])
def test_the_odds_of_a_good_answer_are_the_exponential_of_its_reward(reward: float) -> None:
    system = Approver(base_of(llama()), rewards=lambda rows, totals, before: [reward] * len(rows))
    (answer,) = system.answer(asked("yes"))
    assert answer.probabilities is not None and list(answer.probabilities) == ["bad", "good"]
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    wanted = 1 / (1 + math.exp(-reward)) if reward > -700 else 0.0
    assert answer.probabilities["good"] == pytest.approx(wanted)


def test_without_rewards_answers_rank_by_what_a_token_of_them_is_worth() -> None:
    system = Approver(base_of(llama()), rewards=likelihoods)
    short, long = system.answer(asked("yes", "yes yes yes yes"))
    scored = system.score([system._encode(one, one.choices[0]) for one in asked("yes", "yes yes yes yes")])
    for answer, row in zip((short, long), scored, strict=True):
        odds = math.exp(sum(row) / len(row))
        assert (answer.probabilities or {})["good"] == pytest.approx(odds / (1 + odds))


def test_answers_are_judged_and_prompts_are_answered_side_by_side() -> None:
    system = Approver(base_of(llama()), max_tokens=4)
    verdict, written = system.answer([*asked("yes"), Question("w", messages=TURNS)])
    assert verdict.text is None and verdict.label in ("bad", "good")
    assert written.text is not None and written.probabilities is None
