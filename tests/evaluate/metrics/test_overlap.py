"""Metrics of shared words: against `rouge-score`, and by hand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rouge_score.rouge_scorer import RougeScorer

from overtone.core.answer import Answer
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.metrics.exact_match import ExactMatch
from overtone.evaluate.metrics.length_ratio import LengthRatio
from overtone.evaluate.metrics.rouge_1 import Rouge1
from overtone.evaluate.metrics.rouge_2 import Rouge2
from overtone.evaluate.metrics.rouge_l import RougeL
from overtone.evaluate.metrics.token_f1 import TokenF1, squad_f1
from tests.evaluate.rows import WRITE, texts, written

NAMES = {"rouge1": Rouge1(), "rouge2": Rouge2(), "rougeL": RougeL()}
ORACLE = RougeScorer(list(NAMES), use_stemmer=False)
SENTENCE = some.text("ab cÄ1-.\n", max_size=60)


def check(wanted, given_text):
    expected = ORACLE.score(wanted, given_text)
    for name, metric in NAMES.items():
        found = metric.value(written(wanted), texts(given_text), WRITE)
        assert found == pytest.approx(expected[name].fmeasure, abs=1e-12), name


@given(SENTENCE, SENTENCE)
def test_rouge_equals_the_package(wanted, given_text):
    check(wanted, given_text)


def test_rouge_counts_without_case():
    check("Police killed THE gunman", "police KILLED the Gunman")
    assert Rouge2().value(written("Turn it OFF"), texts("turn IT off"), WRITE) == 1


def test_rouge_equals_the_package_on_long_texts():
    pick = random.Random(3)
    for _ in range(20):
        check(
            *(
                " ".join(pick.choices(["the", "a", "router", "Light", "is", "re-set", "5"], k=150))
                for _ in "ab"
            )
        )


@pytest.mark.parametrize(
    ("wanted", "given_text", "value"),
    [
        ("The Eiffel Tower", "eiffel tower!", 1.0),
        ("in Paris, France", "Paris", 0.5),
        ("a", "the", 1.0),  # articles alone: both are empty
        ("a", "cat", 0.0),
        ("red red blue", "red blue blue", 2 / 3),
    ],
)
def test_token_f1_as_squad_counts_it(wanted, given_text, value):
    assert squad_f1(wanted, given_text) == pytest.approx(value, abs=1e-12)
    assert TokenF1().rows(written(wanted), texts(given_text), WRITE) == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("ignore", "values"), [("case", [1, 0, 1]), ("nothing", [0, 0, 1]), ("squad", [1, 1, 1])]
)
def test_exact_match_ignores_what_it_is_told_to(ignore, values):
    answers = texts(" the   CAT ", "A cat.", "the cat")
    assert ExactMatch(ignore=ignore).rows(written(*["the cat"] * 3), answers, WRITE) == values


def test_length_ratio_is_the_shorter_over_the_longer():
    answers = [*texts("one two", "one two three four five six", ""), Answer(error="late")]
    assert LengthRatio().rows(written(*["a b c"] * 4), answers, WRITE) == [2 / 3, 0.5, 0.0, 0.0]


def test_a_failed_answer_is_wrong_even_where_nothing_is_wanted():
    for metric in (ExactMatch(), TokenF1(), LengthRatio()):
        assert metric.rows(written(""), [Answer(error="late")], WRITE) == [0.0]


def test_what_is_extracted_is_compared_on_both_sides():
    task = AnswerTask(extract={"name": "after_marker", "number": True})
    examples = written(
        "6 * 7 is 42\n#### 42", "#### 1,000", "7"
    )  # the last holds no marker and is taken whole
    answers = texts("so #### 42.0", "it is 1000", "#### 7")
    assert ExactMatch().rows(examples, answers, task) == [1.0, 0.0, 1.0]
