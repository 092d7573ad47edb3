import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import accuracy_score, f1_score

from overtone.core.answer import Answer
from overtone.evaluate.metrics.accuracy import Accuracy
from overtone.evaluate.metrics.macro_f1 import MacroF1
from tests.evaluate.rows import MULTI, SINGLE, answered, labelled

LABELS = ("a", "b", "c", "d")
PAIRS = some.lists(some.tuples(some.sampled_from(LABELS), some.sampled_from(LABELS)), min_size=1, max_size=40)
SETS = some.sets(some.sampled_from(LABELS), min_size=1)
SET_PAIRS = some.lists(some.tuples(SETS, SETS), min_size=1, max_size=30)


@given(PAIRS)
def test_single_label_metrics_equal_scikit_learn(pairs):
    wanted, given_labels = zip(*pairs, strict=True)
    examples, answers = labelled(*wanted), answered(*given_labels)
    assert Accuracy().value(examples, answers, SINGLE) == pytest.approx(accuracy_score(wanted, given_labels))
    expected = f1_score(wanted, given_labels, labels=sorted(set(wanted)), average="macro", zero_division=0)
    assert MacroF1().value(examples, answers, SINGLE) == pytest.approx(expected, abs=1e-12)


@given(SET_PAIRS)
def test_multi_label_metrics_equal_scikit_learn(pairs):
    wanted, picked = zip(*pairs, strict=True)
    examples = labelled(*(tuple(sorted(labels)) for labels in wanted))
    answers = [
        Answer(probabilities={label: 0.4 + 0.1 * (label in row) - 0.05 for label in LABELS}) for row in picked
    ]
    classes = sorted(set().union(*wanted))
    truth, guess = (
        np.array([[label in row for label in LABELS] for row in rows]) for rows in (wanted, picked)
    )
    assert Accuracy().value(examples, answers, MULTI) == pytest.approx(accuracy_score(truth, guess))
    kept = [LABELS.index(label) for label in classes]
    expected = f1_score(truth, guess, labels=kept, average="macro", zero_division=0)
    assert MacroF1().value(examples, answers, MULTI) == pytest.approx(expected, abs=1e-12)


def test_the_threshold_of_the_task_decides():
    examples, answers = labelled(("a", "b")), [Answer(probabilities={"a": 0.9, "b": 0.45, "c": 0.39})]
    assert Accuracy().rows(examples, answers, MULTI) == [1.0]
    assert Accuracy().rows(examples, answers, MULTI.model_copy(update={"threshold": 0.5})) == [0.0]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(error="refused"),
        Answer(probabilities={"a": 1.0}, error="late"),
        Answer(),
        Answer(text="no such label"),
        Answer(probabilities={}),
        Answer(probabilities={"a": float("nan"), "b": 0.1}),
    ],
)
def test_an_answer_that_failed_is_wrong_and_counted(answer):
    examples, answers = labelled("a", "a"), [answer, *answered("a")]
    assert Accuracy().rows(examples, answers, SINGLE) == [0.0, 1.0]
    assert MacroF1().value(examples, answers, SINGLE) == pytest.approx(2 / 3)


def test_a_text_that_spells_the_label_is_right():
    assert Accuracy().rows(labelled("a"), [Answer(text=" a\n")], SINGLE) == [1.0]


def test_a_label_that_no_row_wants_lowers_recall_only():
    assert MacroF1().value(labelled("a", "a"), answered("a", "z"), SINGLE) == pytest.approx(2 / 3)


def test_answers_must_match_the_examples_in_number():
    with pytest.raises(ValueError):
        Accuracy().rows(labelled("a", "b"), answered("a"), SINGLE)
