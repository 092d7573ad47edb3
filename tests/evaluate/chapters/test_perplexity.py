"""The chapter of perplexity: bits per byte and perplexities by hand, and texts that were not judged."""

import math

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.evaluate.chapter import Results
from overtone.evaluate.chapters.perplexity import PerplexityUnits
from overtone.evaluate.metric import metric_of
from overtone.evaluate.scores import score


def results(task="text"):
    rows = [Example("1", text="ab cd", group="x"), Example("2", text="abc", group="x")]  # 8 bytes, 3 words
    answers = {"one": [Answer(text=repr(-5 * math.log(2))), Answer(error="too long")]}
    part, metric = Task.model_validate(task), metric_of("perplexity")
    scores = {"one": score(metric, rows, answers["one"], part, 0)}
    return Results(part, (), (), rows, answers, {"one": "One"}, scores, metric, "one", None, "one", 0)


def test_its_numbers_are_those_by_hand():
    """5 bytes of 1 bit each and 3 of 8 bits: 29 bits over 8 bytes and over 3 words."""
    section = PerplexityUnits().write(results())
    assert section is not None and "2 passages of 1 texts: 8 bytes, 3 words" in section.sentences[0]
    (row,) = section.tables[0].rows
    title, bits, low, high, per_byte, per_word, failed = row
    assert (title, failed) == ("One", 1)
    assert bits == pytest.approx(29 / 8)
    assert per_byte == pytest.approx(2 ** (29 / 8))
    assert per_word == pytest.approx(2 ** (29 / 3))
    assert low <= bits <= high


def test_other_tasks_have_no_such_chapter():
    assert PerplexityUnits().write(results("classify")) is None
