"""Chapters about systems that write texts."""

from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.answer import AnswerTask
from overtone.evaluate.chapter import Chapter, chapters
from overtone.evaluate.metrics.rouge_l import RougeL
from tests.evaluate.chapters.made_up import results, written


def test_only_what_texts_can_show_is_told():
    assert [one.name for one in chapters(written())] == ["changed_sides", "lengths", "fit"]


def test_lengths_by_hand():
    wanted = ("one two three four", "one two", "one two", "one two", "one")
    rows = [
        Example(str(place), messages=(Message("user", "how?"), Message("assistant", text)))
        for place, text in enumerate(wanted)
    ]
    doubled = Answer(text="one two")  # not over twice as long
    texts = [
        Answer(text="one"),
        Answer(text="one two"),
        Answer(text="a b c d e", finish="length"),
        Answer(error="no"),
        doubled,
    ]
    given = results(AnswerTask(), (), rows, {"t": texts, "u": texts}, RougeL())
    section = Chapter.find("lengths")().write(given)
    name, words, times, *shares = section.tables[0].rows[0]
    assert (name, words, times) == ("tuned", 2, 1.0)
    assert shares == [0.4, 0.2, 0.2, 0.2]
    assert section.tables[0].rows[-1] == ("wanted", 2, None, None, None, None, None)
    assert section.plots[0].lines[0].points == ((4, 1), (2, 2), (2, 5), (2, 0), (1, 2))
    assert "20.0 % of the answers of 'u' were cut at task.max_tokens" in " ".join(section.sentences)


def test_rows_are_read_from_the_largest_change():
    section = Chapter.find("changed_sides")().write(written())
    (better,) = section.tables  # no row became worse
    assert len(better.rows) == 10 and better.note == "The first 10 of 120 rows."


def test_long_texts_are_cut():
    one = written(n=1)
    text = "word " * 200
    long = replace(one, answers={**one.answers, "few_shot": [Answer(text=text)]})
    section = Chapter.find("changed_sides")().write(long)
    assert section.tables[0].rows[0][3] == text[:279].rstrip() + "…"


def test_long_questions_are_a_slice():
    given = written(n=90)
    rows = [
        replace(row, messages=(Message("user", "why " * (place % 9 + 1)), row.messages[-1]))
        for place, row in enumerate(given.test)
    ]
    section = Chapter.find("slices")().write(replace(given, test=rows))
    assert [row[0] for row in section.tables[0].rows] == ["1 to 3 words", "4 to 6 words", "7 to 9 words"]
    assert section.tables[0].columns[2].title == "ROUGE-L"
