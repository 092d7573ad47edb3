"""Plain texts: long ones are cut into passages that lose nothing but spaces, and books are read without rows."""

import json

import pytest

from overtone.core.task import Task
from overtone.data.examples import read_examples
from overtone.data.formats.text import cut
from overtone.data.settings import DataSettings

TEXT = "First line.\nA sentence here. Another one! " + " ".join(map(str, range(100, 130)))


@pytest.mark.parametrize("most", [1, 7, 20, 60, 1000])
def test_passages_are_short_enough_and_together_the_text(most):
    passages = cut(TEXT, most)
    assert all(0 < len(passage) <= most for passage in passages)
    assert "".join("".join(passages).split()) == "".join(TEXT.split())


def test_a_line_goes_before_a_sentence_and_a_sentence_before_a_word():
    assert cut("one two\nthree four five", 14)[0] == "one two"
    assert cut("One two. Three four five", 14)[0] == "One two."
    assert cut("one two three four", 14)[0] == "one two three"
    assert cut("x" * 30, 14) == ["x" * 14, "x" * 14, "xx"]


def test_passages_of_a_document_share_a_group_and_a_short_text_stands_alone(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in (TEXT, "short")))
    settings = DataSettings.model_validate({"train": str(path), "format": {"name": "text", "passage": 50}})
    found = read_examples(path, Task.model_validate("text"), settings).kept
    assert found[-1].text == "short" and not found[-1].group
    assert len({row.group for row in found[:-1]}) == 1 and found[0].group
    assert len({row.id for row in found}) == len(found)
    assert found[1].source == "rows.jsonl:1 passage 2"


def test_a_book_is_read_by_its_paragraphs_for_plain_text_alone(tmp_path):
    path = tmp_path / "book.txt"
    path.write_text("".join(f"Paragraph {number}, with commas, in it.\n\n" for number in range(200)))
    settings = DataSettings(train=str(path))
    rows = read_examples(path, Task.model_validate("text"), settings).kept
    assert len(rows) > 3
    assert "".join(rows[-1].text.split()).endswith("Paragraph199,withcommas,init.")
    assert sum(row.text.count("Paragraph") for row in rows) == 200
