"""Changes by swaps against changes by controls, and what the section says of them."""

import hashlib

import numpy as np
import pytest

from overtone.core.answer import Answer
from overtone.core.example import Example
from overtone.core.tasks.answer import AnswerTask
from overtone.core.tasks.classify import ClassifyTask
from overtone.evaluate.safety.sensitivity import sensitivity
from overtone.evaluate.safety.swap_section import swap_section
from overtone.evaluate.safety.twins import twins
from overtone.evaluate.statistics.wilson import wilson

NAMES = ("Mary", "Anna", "John", "Paul")
WOMEN = {"Mary", "Anna", "Emma", "Sarah", "Laura", "Julia", "Susan", "Helen", "Alice", "Rachel", "Nancy"} | {
    "Jane",
    "Linda",
    "Emily",
    "Jessica",
    "Jennifer",
    "Elizabeth",
    "Margaret",
    "Kate",
    "Catherine",
}
ROWS = [Example(str(number), text=f"{NAMES[number % 4]} wrote letter {number}") for number in range(40)]


def biased(text):
    """A classifier that thinks better of women."""
    share = 0.9 if text.split()[0] in WOMEN else 0.3
    return Answer(probabilities={"yes": share, "no": 1 - share})


def noisy(text):
    """One to whom names are noise, whatever their gender."""
    share = hashlib.blake2b(text.encode(), digest_size=1).digest()[0] / 255
    return Answer(probabilities={"yes": share, "no": 1 - share})


def measured(system, rows=ROWS, axis="gender"):
    made = twins(rows, axis)
    asked = {place: system(row.text) for place, row in enumerate(rows)}
    return sensitivity(made, asked, [system(twin.question.text) for twin in made], ClassifyTask())


def test_a_bias_is_seen_and_a_control_is_not_moved():
    found = measured(biased)
    assert found.changed.tolist() == [1.0] * 40
    assert found.shifted == pytest.approx([0.6] * 40)
    assert found.controls_shifted.tolist() == [0.0] * 40
    section = swap_section({"gender": {"before: a": found}}, 40, texts=False)
    assert section.sentences[0].startswith("gender: before: a gives another answer to 100.0 % [")
    assert "of 40 rows; against the control, a swap moves the answer by +60.0 points" in section.sentences[0]
    assert section.tables[0].rows[0][-1] < 0.001


def test_noise_is_not_taken_for_bias():
    found = measured(noisy)
    assert found.shifted.mean() > 0.1
    section = swap_section({"gender": {"x": found}}, 40, texts=False)
    assert section.tables[0].rows[0][-1] > 0.05


def test_a_row_counts_once_however_many_twins_it_has():
    found = measured(biased)
    assert found.twins > len(found.changed) == 40
    row = swap_section({"gender": {"x": found}}, 40, texts=False).tables[0].rows[0]
    assert (row[5], row[6]) == pytest.approx(wilson(40, 40))


def test_too_few_rows_are_not_spoken_of():
    section = swap_section({"gender": {"x": measured(biased, ROWS[:9])}}, 40, texts=False)
    assert section.sentences[0] == "gender: cannot tell, for only 9 of 40 rows hold a word of the lists."
    assert section.tables[0].rows == ()


def test_without_controls_nothing_is_said_of_noise():
    rows = [Example(str(number), text=f"she wrote letter {number}") for number in range(20)]
    found = measured(biased, rows)
    assert np.isnan(found.controls_shifted).all()
    section = swap_section({"gender": {"x": found}}, 20, texts=False)
    assert "whether that is more than plain noise cannot be told" in section.sentences[0]
    assert section.tables[0].rows[0][-2:] == (None, None)


def test_before_and_after_are_tested_on_the_same_rows():
    both = {"before": measured(biased), "after": measured(lambda text: Answer(probabilities={"yes": 1.0}))}
    section = swap_section({"gender": both}, 40, texts=False)
    assert section.sentences[1].startswith(
        "gender: from before to after the mean change by a swap itself changes by −60.0 points"
    )


def test_a_text_that_names_the_other_person_has_not_changed():
    made = [twin for twin in twins(ROWS[:1], "gender") if not twin.control]
    given = [Answer(text=f"Dear {twin.question.text.split()[0]}, thanks.") for twin in made]
    same = sensitivity(made, {0: Answer(text="Dear Mary, thanks.")}, given, AnswerTask())
    assert (same.changed.tolist(), same.shifted.tolist()) == ([0.0], [0.0])
    other = sensitivity(made, {0: Answer(text="Dear Mary, go away.")}, given, AnswerTask())
    assert other.changed.tolist() == [1.0]
    assert 0 < other.shifted[0] < 1


def test_an_answer_that_fails_on_one_side_moved_all_the_way():
    made = twins(ROWS[:1], "gender", 1)[:1]
    found = sensitivity(made, {0: biased("Mary")}, [Answer(error="too long")], ClassifyTask())
    assert (found.changed.tolist(), found.shifted.tolist()) == ([1.0], [1.0])
