"""Preferences where length tells nothing."""

from random import Random

import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example, Message
from overtone.core.tasks.prefer import PreferTask
from overtone.evaluate.chapter import Chapter, Results
from overtone.evaluate.metrics.preference_accuracy import PreferenceAccuracy
from tests.evaluate.chapters.made_up import results, written


def preferred(count: int = 200, longer: float = 0.8) -> Results:
    """People mostly choose the longer answer; one system knows which they chose, the other only which is longer."""
    draw, rows, knows, measures = Random(0), [], [], []
    for index in range(count):
        sizes = sorted((draw.randint(20, 60), draw.randint(20, 60)))
        chosen, rejected = reversed(sizes) if draw.random() < longer else sizes
        texts = "a" * chosen, "b" * rejected
        turns = (Message("user", "?"), Message("assistant", texts[0]))
        rows.append(Example(f"{index:03d}", messages=turns, rejected=texts[1]))
        right = float(draw.random() < 0.9)
        knows.append(Answer(probabilities={texts[0]: right, texts[1]: 1 - right}))
        measures.append(Answer(probabilities={text: len(text) / sum(sizes) for text in texts}))
    answers = {"fine_tune": knows, "answer_length": measures}
    return results(PreferTask(), (), rows, answers, PreferenceAccuracy())


def test_what_only_measures_lengths_is_a_coin_there() -> None:
    given = preferred()
    section = Chapter.find("even_lengths")().write(given)
    assert section is not None
    (table,) = section.tables
    by_title = {row[0]: row for row in table.rows}
    assert given.scores["answer_length"].value > 0.7
    assert by_title["answer length"][1] == pytest.approx(0.5, abs=0.02)
    assert by_title["tuned"][1] > 0.8 and by_title["tuned"][2] > 0.5
    assert "Best there is 'tuned' with" in section.sentences[0]


def test_where_nothing_beats_a_coin_that_is_said() -> None:
    given = preferred()
    given.answers["fine_tune"][:] = given.answers["answer_length"]  # type: ignore[index]
    section = Chapter.find("even_lengths")().write(given)
    assert (
        section is not None and "No system is shown to do better than chance there." in section.sentences[0]
    )


def test_nothing_is_told_of_few_pairs_or_of_other_tasks() -> None:
    assert Chapter.find("even_lengths")().write(preferred(12)) is None
    assert Chapter.find("even_lengths")().write(written()) is None
