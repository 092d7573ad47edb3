"""Rows with numbers, words with tags, texts with named spans: read from the files that hold them."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.data.examples import read_examples
from overtone.data.settings import DataSettings


def read(path, text, task):
    path.write_text(text)
    return read_examples(path, Task.model_validate(task), DataSettings(train=str(path)))


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_numbers_are_kept_to_the_last_digit_and_what_is_none_is_counted(tmp_path):
    found = read(tmp_path / "a.csv", "text,score\na,0.1\nb,-3\nc,many\nd,inf\ne,\n", "regress")
    assert [row.labels for row in found.kept] == [("0.1",), ("-3.0",)]
    assert [row.cause for row in found.dropped] == ["number that is none", "number that is none", "no number"]


def test_a_true_is_no_number(tmp_path):
    found = read(
        tmp_path / "a.jsonl", lines({"text": "a", "score": True}, {"text": "b", "score": 2}), "regress"
    )
    assert [row.labels for row in found.kept] == [("2.0",)]


def test_tags_come_as_lists_and_as_texts(tmp_path):
    rows = lines({"tokens": ["a", "b"], "tags": ["O", "B-x"]}, {"tokens": "c d", "tags": "O O"})
    found = read(tmp_path / "a.jsonl", rows, "tag")
    assert [(row.text, row.labels) for row in found.kept] == [("a b", ("O", "B-x")), ("c d", ("O", "O"))]


def test_a_word_with_white_space_and_missing_tags_are_counted(tmp_path):
    rows = lines(
        {"tokens": ["a b"], "tags": ["O"]},
        {"tokens": ["a", "b"], "tags": ["O"]},
        {"tokens": ["a"], "tags": ["O"]},
    )
    found = read(tmp_path / "a.jsonl", rows, "tag")
    causes = [row.cause for row in found.dropped]
    assert causes == ["one of the words is empty or holds white space", "not as many tags as words"]


def test_conll_columns_are_told_from_their_lines(tmp_path):
    text = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n"
    found = read(tmp_path / "train.dat", text, "tag")
    assert [(row.text, row.labels) for row in found.kept] == [
        ("EU rejects", ("B-ORG", "O")),
        ("Peter", ("B-PER",)),
    ]
    assert found.kept[0].source == "train.dat:3"


def test_plain_tags_are_read_where_the_file_is_called_conll(tmp_path):
    found = read(tmp_path / "a.conll", "we PRON\ngo VERB\n", "tag")
    assert found.kept[0].labels == ("PRON", "VERB")


def test_a_line_without_a_tag_is_damage_with_its_place(tmp_path):
    with pytest.raises(UserError, match=r"a.conll:4: a line without a tag"):
        read(tmp_path / "a.conll", "we PRON\n\n\ngo\n", "tag")


def test_a_csv_is_no_conll(tmp_path):
    found = read(tmp_path / "a.csv", "text,label\nhello O,a\nfair B-x,b\n", "classify")
    assert [row.text for row in found.kept] == ["hello O", "fair B-x"]


def test_named_spans_become_tags(tmp_path):
    by_value = {
        "text": "Play Yo La, please, by Yo",
        "slots": [{"entity": "song", "value": "yo la"}, {"entity": "artist", "value": "Yo"}],
    }
    by_place = {"text": "Go to New York.", "slots": [{"start": 6, "end": 14, "label": "city"}]}
    found = read(tmp_path / "a.jsonl", lines(by_value, by_place), "tag")
    one, two = found.kept
    assert dict(zip(range(9), zip(one.text.split(), one.labels)))[1] == ("Yo", "B-song")
    assert one.labels == ("O", "B-song", "I-song", "O", "O", "O", "O", "B-artist")
    assert (two.text, two.labels) == ("Go to New York .", ("O", "O", "B-city", "I-city", "O"))


def test_a_span_that_does_not_stand_in_the_text_drops_the_row(tmp_path):
    rows = lines(
        {"text": "a b", "spans": [{"value": "c", "entity": "x"}]},
        {"text": "a b", "spans": [{"start": 2, "end": 9, "label": "x"}]},
        {"text": "a b", "spans": []},
    )
    found = read(tmp_path / "a.jsonl", rows, "tag")
    assert [row.cause for row in found.dropped] == [
        "a span whose words do not stand in the text",
        "a span outside of its text",
    ]
    assert found.kept[0].labels == ("O", "O")
