"""Metrics of numbers: by hand, and as scipy and scikit-learn count them."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import mean_absolute_error, r2_score

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metrics.error_removed import ErrorRemoved
from overtone.evaluate.metrics.r2 import RSquared
from overtone.evaluate.metrics.spearman import Spearman
from overtone.evaluate.metrics.within import Within
from overtone.evaluate.scores import score

TASK = Task.find("regress")()
DRAW = np.random.default_rng(0)
WANTED = np.round(DRAW.normal(50, 9, 60))  # with ties
GIVEN = WANTED + DRAW.normal(0, 5, 60)


def rows(wanted):
    return [Example(id=str(place), text="t", labels=(repr(float(one)),)) for place, one in enumerate(wanted)]


def value(metric, wanted, given):
    answers = [Answer(error="e") if one is None else Answer(text=repr(float(one))) for one in given]
    return metric.value(rows(wanted), answers, TASK)


def test_they_are_what_the_libraries_count():
    assert value(RSquared(), WANTED, GIVEN) == pytest.approx(r2_score(WANTED, GIVEN))
    assert value(Spearman(), WANTED, GIVEN) == pytest.approx(spearmanr(WANTED, GIVEN).statistic)
    trivial = np.abs(WANTED - np.median(WANTED)).mean()
    assert value(ErrorRemoved(), WANTED, GIVEN) == pytest.approx(
        1 - mean_absolute_error(WANTED, GIVEN) / trivial
    )


def test_by_hand():
    assert value(RSquared(), [1, 2, 3], [1, 2, 5]) == 0  # error 4 over spread 2: never below 0
    assert value(RSquared(), [1, 2, 3], [1, 2, 2]) == pytest.approx(0.5)
    assert value(Spearman(), [1, 2, 3], [10, 30, 20]) == pytest.approx(0.5)
    assert value(Within(tolerance=1), [1, 2, 3], [2, 2, 4.5]) == pytest.approx(2 / 3)
    assert value(Within(), [0, 5, 10], [1, 5, 8]) == pytest.approx(2 / 3)  # a tenth of the range
    assert value(ErrorRemoved(), [1, 2, 3], [1, 2, 4]) == pytest.approx(0.5)


def test_numbers_that_are_all_alike_show_nothing():
    for metric in (RSquared(), Spearman(), ErrorRemoved()):
        assert value(metric, [2, 2, 2], [1, 2, 3]) == 0
    assert value(Spearman(), [1, 2, 3], [5, 5, 5]) == 0


def test_a_failed_answer_counts_as_the_number_farthest_away():
    assert value(RSquared(), [0, 0, 10, 9], [0, 0, 10, None]) == value(
        RSquared(), [0, 0, 10, 9], [0, 0, 10, 0]
    )


def test_intervals_hold_the_value():
    answers = [Answer(text=repr(float(one))) for one in GIVEN]
    for metric in (RSquared(), Spearman(), ErrorRemoved(), Within(tolerance=4)):
        found = score(metric, rows(WANTED), answers, TASK, 0)
        assert 0 <= found.low < found.value < found.high <= 1


def test_the_error_is_told_in_the_unit_of_the_numbers():
    answers = [Answer(text="2.0"), Answer(text="2.0")]
    (sentence,) = RSquared().remarks(rows([1, 5]), answers, TASK)
    assert "mean absolute error is 2," in sentence
