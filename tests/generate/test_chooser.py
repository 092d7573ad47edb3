"""A chooser prefers by what it says it prefers by, and writes like any writer."""

import math
from dataclasses import replace

import pytest

from overtone.core.example import Message, Question
from overtone.engine.score import log_probabilities
from overtone.generate.chooser import Chooser, softmax
from overtone.generate.chooser import gains as gains_of
from overtone.generate.writer import Writer
from overtone.models.template import encode_answer
from tests.generate.tiny import CONTEXT, base_of, llama

TUNED, BEFORE = base_of(llama(0)), base_of(llama(1))
ASKED = Question("1", messages=(Message("user", "why?"),), choices=("just so", "it rains"))


def total(base, question, choice):
    """The log-probability of an answer's tokens, from a forward pass over it alone."""
    rows = encode_answer(base, (*question.messages, Message("assistant", choice)))
    return sum(log_probabilities(base.model, [rows])[0])


def test_the_likelier_answer_is_preferred_as_probable_as_its_tokens_say():
    (answer,) = Chooser(TUNED).answer([ASKED])
    totals = [total(TUNED, ASKED, choice) for choice in ASKED.choices]
    odds = math.exp(totals[0] - totals[1])
    assert answer.probabilities == pytest.approx(
        {"just so": odds / (1 + odds), "it rains": 1 / (1 + odds)}, rel=1e-4
    )
    rows = [encode_answer(TUNED, (*ASKED.messages, Message("assistant", choice))) for choice in ASKED.choices]
    assert answer.prompt_tokens == sum(len(prompt) + len(rest) for prompt, rest in rows)


def test_against_a_reference_the_answer_that_gained_most_is_preferred():
    def tenths(rows, totals, before):
        return [0.1 * gain for gain in gains_of(rows, totals, before)]

    (answer,) = Chooser(TUNED, reference=lambda: BEFORE, rewards=tenths).answer([ASKED])
    gains = [total(TUNED, ASKED, choice) - total(BEFORE, ASKED, choice) for choice in ASKED.choices]
    wanted = 1 / (1 + math.exp(-0.1 * (gains[0] - gains[1])))
    assert answer.probabilities["just so"] == pytest.approx(wanted, abs=1e-5)
    (same,) = Chooser(TUNED, reference=lambda: TUNED).answer([ASKED])
    assert same.probabilities == {"just so": 0.5, "it rains": 0.5}


def test_the_reference_is_loaded_once_and_only_when_it_is_compared_with():
    loaded = []

    def load():
        loaded.append(1)
        return BEFORE

    chooser = Chooser(TUNED, max_tokens=4, reference=load)
    chooser.answer([replace(ASKED, choices=())])
    assert not loaded
    chooser.answer([ASKED])
    chooser.answer([ASKED])
    assert loaded == [1]


def test_answers_keep_their_order_whatever_is_asked():
    long = Question("3", messages=(Message("user", "x" * 60),), choices=("a" * 40, "b"))
    plain = replace(ASKED, id="2", choices=())
    written, too_long, preferred = Chooser(TUNED, max_tokens=4).answer([plain, long, ASKED])
    assert written == replace(Writer(TUNED, 4).answer([plain])[0], seconds=written.seconds)
    assert "104 tokens" in too_long.error and str(CONTEXT) in too_long.error
    assert too_long.probabilities is None
    alone = Chooser(TUNED).answer([ASKED])[0].probabilities
    assert preferred.probabilities == pytest.approx(alone, abs=1e-6)


def test_the_order_of_the_choices_changes_no_preference():
    turned = replace(ASKED, choices=ASKED.choices[::-1])
    one, other = Chooser(TUNED, reference=lambda: BEFORE).answer([ASKED, turned])
    assert one.probabilities == pytest.approx(other.probabilities, abs=1e-6)


def test_a_system_prompt_stands_before_the_compared_answers():
    prompted = Chooser(TUNED, system_prompt="Be kind").answer([ASKED])[0]
    turns = (Message("system", "Be kind"), *ASKED.messages)
    assert prompted.probabilities == pytest.approx(
        Chooser(TUNED).answer([replace(ASKED, messages=turns)])[0].probabilities, abs=1e-6
    )


def test_scores_far_apart_stay_probabilities():
    assert softmax([-2000.0, 0.0]) == [0.0, 1.0]
