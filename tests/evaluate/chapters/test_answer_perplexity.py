"""Perplexity of the wanted answers by hand, and which rows it is of."""

import math
from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.chapters.answer_perplexity import AnswerPerplexity
from overtone.evaluate.metrics.rouge_l import RougeL
from tests.evaluate.chapters.made_up import results

ROWS = [
    Example(str(place), messages=(Message("user", "?"), Message("assistant", text)))
    for place, text in enumerate(("ab cd", "abc", "never"))
]


def told(*bits):
    return [
        Answer(text="", wanted_log_probability=None if one is None else -one * math.log(2)) for one in bits
    ]


def test_its_numbers_are_those_by_hand_over_the_rows_that_every_system_tells():
    answers = {"t": told(5, 24, 3), "u": told(10, 6, None)}
    made = results(AnswerTask(), (), ROWS, answers, RougeL())
    with_canned = replace(made, answers={**answers, "canned": told(None, None, None)})
    section = AnswerPerplexity().write(with_canned)
    assert section is not None and "2 wanted answers (8 bytes, 3 words)" in section.sentences[0]
    first, second = section.tables[0].rows
    assert first[1] == pytest.approx(29 / 8) and second[1] == pytest.approx(2)
    assert first[4] == pytest.approx(2 ** (29 / 8)) and first[5] == pytest.approx(2 ** (29 / 3))
    assert first[2] <= first[1] <= first[3]


def test_nothing_is_told_where_no_system_can_tell():
    answers = {"t": told(None, None, None), "u": told(None, None, None)}
    assert AnswerPerplexity().write(results(AnswerTask(), (), ROWS, answers, RougeL())) is None
