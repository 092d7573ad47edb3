"""Metrics of tags, by hand."""

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metrics.entity_f1 import EntityF1
from overtone.evaluate.metrics.word_accuracy import WordAccuracy

TASK = Task.find("tag")(metric="entity_f1")
WANTED = ["B-a I-a O B-b", "O O", "B-a O"]
GIVEN = ["B-a I-a O B-a", "O B-b", "B-a O"]


def judged(metric, wanted, given):
    rows = [
        Example(id=str(place), text=" ".join("w" * len(one.split())), labels=tuple(one.split()))
        for place, one in enumerate(wanted)
    ]
    answers = [Answer(error="too long") if one is None else Answer(text=one) for one in given]
    return metric.value(rows, answers, TASK), metric.rows(rows, answers, TASK)


def test_entities_are_right_in_begin_end_and_kind():
    # found 2 of 3 wanted and 4 given: 2 * 2 / (3 + 4)
    value, rows = judged(EntityF1(), WANTED, GIVEN)
    assert value == pytest.approx(4 / 7)
    assert rows == [pytest.approx(0.5), 0, 1]


def test_a_failed_answer_misses_every_entity_and_gives_none():
    value, _ = judged(EntityF1(), WANTED, [None, "O O", "B-a O"])
    assert value == pytest.approx(2 * 1 / (3 + 1))


def test_words_are_counted_over_all_rows():
    value, rows = judged(WordAccuracy(), WANTED, GIVEN)
    assert value == pytest.approx((3 + 1 + 2) / 8)
    assert rows == [0.75, 0.5, 1]


def test_words_that_an_answer_leaves_out_are_wrong():
    assert judged(WordAccuracy(), ["a b c"], ["a b"])[0] == pytest.approx(2 / 3)
    assert judged(WordAccuracy(), ["a b"], [None])[0] == 0
