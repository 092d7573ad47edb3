"""The rivals of preferences: the length of answers, their words, frozen features, the base's own likelihood."""

from dataclasses import replace

import pytest

from overtone.core.example import Example, Message, Question
from overtone.core.tasks.approve import BAD, GOOD, ApproveTask
from overtone.core.tasks.prefer import PreferTask
from overtone.decide.offers import chosen_rivals, default_rivals, offers
from overtone.decide.rivals.answer_length import AnswerLength
from overtone.decide.rivals.embedding_pairs import EmbeddingPairs
from overtone.decide.rivals.tfidf_pairs import TfidfPairs
from overtone.decide.rivals.zero_shot import ZeroShot
from overtone.evaluate.metric import metrics_for
from tests.decide.materials import make
from tests.train.rows import marked, preferred

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


def test_one_answer_is_judged_by_its_length_where_answers_are_marked():
    """Short answers are marked good: the shorter, the more probable; a length between is left to chance."""
    found = [marked(pair, good) for pair in pairs()[2:] for good in (True, False)]
    system = AnswerLength().prepare(make(None, ApproveTask(), found, validation=[]))
    answers = system.answer(
        [replace(found[0].question, choices=(text,)) for text in ("a", "abcdef", "abcdefghijk")]
    )
    assert [list(answer.probabilities) for answer in answers] == [[BAD, GOOD]] * 3
    good = [answer.probabilities[GOOD] for answer in answers]
    assert good[0] > 0.5 > good[2] and good == sorted(good, reverse=True)


def test_zero_shot_prefers_what_the_base_finds_likelier(small_base):
    system = ZeroShot().prepare(prefer(small_base("llama")))
    (answer,) = system.answer([CHOICES])
    assert answer.label == "yes"  # a random base finds fewer tokens likelier
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert system.reference is None


@pytest.mark.parametrize(("rival", "family"), [(TfidfPairs(), "llama"), (EmbeddingPairs(), "bert")])
def test_a_word_that_is_liked_is_found_on_new_pairs(small_base, rival, family):
    system = rival.prepare(prefer(small_base(family), preferred(90, 0), validation=preferred(30, 1)))
    fresh = preferred(60, 2)
    answers = system.answer([row.question for row in fresh])
    right = sum(answer.label == row.completion for row, answer in zip(fresh, answers, strict=True))
    assert right > 50
    turned = system.answer([replace(row.question, choices=row.question.choices[::-1]) for row in fresh])
    for one, other in zip(answers, turned, strict=True):
        assert one.probabilities == pytest.approx(other.probabilities)
        assert sum(one.probabilities.values()) == pytest.approx(1)


def test_length_counts_where_words_say_nothing():
    rows = [
        Example(
            str(row),
            messages=(Message("user", "hi"), Message("assistant", "word " * (9 + row % 5))),
            rejected="word",
        )
        for row in range(40)
    ]
    system = TfidfPairs().prepare(prefer(rows=rows, validation=rows[:8]))
    (answer,) = system.answer([replace(CHOICES, choices=("word", "word word word word word"))])
    assert answer.probabilities["word"] < 0.4


def test_words_need_no_validation_pairs_and_no_questions():
    system = TfidfPairs().prepare(prefer(rows=preferred(20, 0), validation=[]))
    assert system.answer([]) == [] and system.facts["strength"] > 0


def test_a_task_of_preferences_is_met_by_rivals_that_read_pairs():
    found = default_rivals(offers(PreferTask(), "decoder", True, False))
    names = ["answer_length", "tfidf_pairs", "zero_shot", "embedding_pairs", "fine_tune"]
    assert sorted(rival.key for rival in found) == sorted(names)
    on_encoder = default_rivals(offers(PreferTask(), "encoder", True, False))
    assert {rival.key for rival in on_encoder} == set(names) - {"zero_shot"}  # tuned, a model of rewards
    assert chosen_rivals(None, offers(PreferTask(), "decoder", True, False)) == found


def test_preferences_are_judged_by_one_metric():
    assert [metric.name for metric in metrics_for(PreferTask(), pairs())] == ["preference_accuracy"]
