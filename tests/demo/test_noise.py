from random import Random

import pytest

from overtone.demo.noise import EDITS, lower, roughen, typos, upper, without_punctuation

TEXT = "The connection drops every evening, please send somebody who understands cables."


def test_typos_follow_the_seed() -> None:
    assert typos(TEXT, 0.5, Random(1)) == typos(TEXT, 0.5, Random(1))
    assert typos(TEXT, 0.5, Random(1)) != typos(TEXT, 0.5, Random(2))


def test_typos_leave_first_letters_short_words_and_numbers() -> None:
    changed = typos("we paid T-123456 and 19.90 euros on the table", 1.0, Random(3)).split()
    assert [changed[place] for place in (0, 2, 3, 4, 6, 7)] == ["we", "T-123456", "and", "19.90", "on", "the"]
    assert [changed[place][0] for place in (1, 5, 8)] == ["p", "e", "t"]
    assert changed[8] != "table"


@pytest.mark.parametrize(("edit", "length"), list(zip(EDITS, (0, -1, 1, 0), strict=True)))
def test_each_edit_changes_one_letter(edit, length) -> None:
    assert len(edit("cable", 2, Random(0))) == 5 + length
    assert edit("cable", 2, Random(0)) != "cable"


def test_no_typos_at_rate_zero() -> None:
    assert typos(TEXT, 0.0, Random(0)) == TEXT


def test_case_and_punctuation() -> None:
    assert lower("It Is.", Random(0)) == "it is."
    assert upper("It is.", Random(0)) == "IT IS."
    assert without_punctuation("Well, is it?", Random(0)) == "Well is it"


def test_some_writers_are_careful_and_some_are_not() -> None:
    written = [roughen(TEXT, Random(seed)) for seed in range(300)]
    assert 0.3 < sum(text == TEXT for text in written) / 300 < 0.8
    assert any(text.isupper() for text in written)
