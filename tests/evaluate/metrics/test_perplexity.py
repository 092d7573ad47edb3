"""Perplexity turned so that higher is better: by bytes, over documents, and with texts that were not judged."""

import math

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.metric import metric_of
from overtone.evaluate.scores import score

TASK = Task.model_validate("text")
METRIC = metric_of("perplexity")
ROWS = [Example("1", text="abcd"), Example("2", text="äö")]  # four bytes each


def test_it_is_the_geometric_mean_of_the_probability_of_a_byte():
    answers = [Answer(text=repr(4 * math.log(0.5))), Answer(text=repr(4 * math.log(0.125)))]
    assert METRIC.value(ROWS, answers, TASK) == pytest.approx(0.25)
    assert METRIC.rows(ROWS, answers, TASK) == pytest.approx([0.5, 0.125])


def test_a_text_that_was_not_judged_counts_as_drawn_from_all_bytes():
    answers = [Answer(text="0.0"), Answer(error="too long")]
    assert METRIC.value(ROWS, answers, TASK) == pytest.approx(1 / 16)
    assert METRIC.rows(ROWS, answers, TASK) == pytest.approx([1, 1 / 256])


def test_it_judges_plain_texts_alone_and_its_interval_counts_documents():
    assert METRIC.refusal(TASK) is None
    assert METRIC.refusal(Task.model_validate("classify"))
    rows = [Example(str(place), text="abcd", group=str(place // 5)) for place in range(40)]
    answers = [Answer(text=repr(-2.0 - place // 5)) for place in range(40)]
    found = score(METRIC, rows, answers, TASK, 0)
    assert "8 groups" in found.method
    assert found.low < math.exp(-5.5 / 4) < found.high
