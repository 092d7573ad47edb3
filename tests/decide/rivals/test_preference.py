"""The rivals of preferences: the length of answers, and the base's own likelihood."""

from dataclasses import replace

import pytest

from overtone.core.example import Example, Message, Question
from overtone.core.tasks.prefer import PreferTask
from overtone.decide.offers import chosen_rivals, default_rivals, offers
from overtone.decide.rivals.answer_length import AnswerLength
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.evaluate.metric import metrics_for
from tests.decide.materials import make

PAIRS = [("long answer", "no"), ("a longer one", "short"), ("tiny", "quite long"), ("even", "five")]
CHOICES = Question("q", messages=(Message("user", "hi"),), choices=("yes", "certainly not"))


def pairs(count: int = 4) -> list[Example]:
    return [
        Example(str(row), messages=(Message("user", "hi"), Message("assistant", better)), rejected=worse)
        for row, (better, worse) in enumerate(PAIRS[:count])
    ]


def prefer(folder=None, rows=None, **more):
    return make(folder, PreferTask(), rows or pairs(), **more)


def test_the_longer_answer_is_preferred_where_training_rows_favour_it():
    system = AnswerLength().prepare(prefer(validation=[]))
    (answer,) = system.answer([CHOICES])
    assert answer.label == "certainly not"
    assert answer.probabilities == pytest.approx({"yes": 0.4, "certainly not": 0.6})  # (2 + 1) of (3 + 2)


def test_the_shorter_answer_is_preferred_where_training_rows_favour_that():
    (answer,) = AnswerLength().prepare(prefer(rows=pairs()[2:])).answer([CHOICES])
    assert answer.label == "yes"


def test_answers_of_equal_length_are_left_to_chance():
    same = replace(CHOICES, choices=("yes", "not"))
    assert AnswerLength().prepare(prefer()).answer([same])[0].probabilities == {"yes": 0.5, "not": 0.5}


def test_zero_shot_prefers_what_the_base_finds_likelier(small_base):
    system = ZeroShot().prepare(prefer(small_base("llama")))
    (answer,) = system.answer([CHOICES])
    assert answer.label == "yes"  # a random base finds fewer tokens likelier
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert system.reference is None


def test_a_task_of_preferences_is_met_by_three_rivals_on_a_decoder():
    found = default_rivals(offers(PreferTask(), "decoder", True, False))
    assert [rival.key for rival in found] == ["answer_length", "zero_shot", "fine_tune"]
    on_encoder = default_rivals(offers(PreferTask(), "encoder", True, False))
    assert [rival.key for rival in on_encoder] == ["answer_length", "fine_tune"]  # a model of rewards
    assert chosen_rivals(None, offers(PreferTask(), "decoder", True, False)) == found


def test_preferences_are_judged_by_one_metric():
    assert [metric.name for metric in metrics_for(PreferTask(), pairs())] == ["preference_accuracy"]
