"""The chapter about what stood in the prompts."""

from dataclasses import replace

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.chapter import Chapter
from overtone.evaluate.metrics.rouge_l import RougeL
from overtone.evaluate.statistics.share import share_interval
from tests.evaluate.chapters.made_up import results

TURNS = (Message("user", "how?"), Message("assistant", "so"))
ROWS = [
    Example(str(place), messages=TURNS, documents=documents)
    for place, documents in enumerate([("a",), ("b",), (), ("a",), ("c", "d")])
]


def written(facts, rows=ROWS):
    answers = [Answer(text="so", documents=("a", "c")) for _ in rows]
    given = results(AnswerTask(), (), rows, {"t": answers, "u": answers}, RougeL())
    return Chapter.find("prompt_contents")().write(replace(given, facts=facts))


def test_documents_are_counted_where_a_row_names_its_own():
    facts = {"documents_in_prompt": 2.0, "prompts_with_cut_documents": 1.0}
    section = written({"u": facts})
    assert [table.title for table in section.tables] == ["Documents"]
    [row] = section.tables[0].rows
    assert row[1:4] == (2.0, 1.0, pytest.approx((1 + 0 + 1 + 0.5) / 4)) and row[6] == 4
    assert row[4] < row[3] < row[5]
    [single] = written({"u": facts}, ROWS[:4]).tables[0].rows
    assert single[4:6] == share_interval(2, 3)
    assert written({"u": facts}, ROWS[2:3]).tables[0].rows[0][3:] == (None, None, None, 0)


def test_examples_and_citations_are_told_of_the_systems_that_have_them():
    shares = {"answers_that_cite": 0.5, "answers_that_cite_shown_documents": 0.25}
    section = written({"t": {"examples_wanted": 4.0, "examples_in_prompt": 3.5}, "u": shares})
    assert [table.title for table in section.tables] == ["Examples", "Citations"]
    assert section.tables[0].rows[0][1:] == (4.0, 3.5)
    assert section.tables[1].rows[0][1:] == (0.5, 0.25, None)
    assert written({"t": {"epochs": 1.0}}) is None
