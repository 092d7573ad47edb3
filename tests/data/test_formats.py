"""Formats: what each makes of its rows, and why a row is left out."""

import json

import pytest

from overtone.core.example import Message
from overtone.core.task import Task
from overtone.data.examples import read_examples
from overtone.data.format import Format
from overtone.data.settings import DataSettings


def read(write, rows, task, **settings):
    path = write("rows.jsonl", "\n".join(json.dumps(row) for row in rows))
    return read_examples(path, task, DataSettings.model_validate({"train": path.name, **settings}))


@pytest.mark.parametrize("name", Format.all())
def test_every_format_describes_itself(name):
    format = Format.find(name)()
    needed = format.asked | format.answered
    assert needed and needed <= set(format.roles)
    assert bool(format.asks) != bool(format.refusal)
    assert format.title and format.__doc__


def test_a_label_may_be_a_number_a_text_or_true(write, classify):
    for value, label in [(3, "3"), (" a b ", "a b"), (True, "true")]:
        (example,) = read(write, [{"text": " T ", "label": value}], classify).kept
        assert (example.text, example.labels) == (" T ", (label,))


def test_several_labels_from_a_list_a_separator_or_columns(write, several):
    rows = [{"text": "t", "label": ["b", "a"]}, {"text": "u", "label": "b|a"}, {"text": "v", "label": "b"}]
    assert [row.labels for row in read(write, rows, several).kept] == [("b", "a"), ("b", "a"), ("b",)]
    rows = [{"mail": "t", "first": "b", "second": "a"}, {"mail": "u", "first": "b", "second": None}]
    found = read(write, rows, several, columns={"label": ["first", "second"]}).kept
    assert [row.labels for row in found] == [("b", "a"), ("b",)]
    (other,) = read(
        write, [{"text": "t", "label": "b;a"}], several, format={"name": "labelled", "separator": ";"}
    ).kept
    assert other.labels == ("b", "a")


def test_a_single_label_keeps_its_bar(write, classify):
    assert read(write, [{"text": "t", "label": "b|a"}], classify).kept[0].labels == ("b|a",)


def test_left_out_rows_say_why(write, classify):
    rows = [
        {"text": "", "label": "a"},
        {"text": " \u200b\ufeff", "label": "a"},
        {"label": "a"},
        {"text": 5, "label": "a"},
        {"text": "t", "label": " "},
        {"text": "t"},
        {"text": "t", "label": ["a", "b"]},
        {"text": "t", "label": [["a"]]},
        {"text": "t", "label": "a"},
    ]
    found = read(write, rows, classify)
    assert [row.cause for row in found.dropped] == [
        "empty text",
        "empty text",
        "empty text",
        "text that is no text",
        "no label",
        "no label",
        "more than one label",
        "nested label",
    ]
    assert found.dropped[3].place == "rows.jsonl:4" and found.read == 9 and len(found.kept) == 1


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "Q", "completion": "A"},
        {"question": "Q", "answer": "A"},
        {"Input": "Q", "Output": "A"},
        {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]},
        {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
        {"instruction": "Q", "input": "", "output": "A"},
        {"instruction": "Q", "response": "A"},
        {
            "prompt": [{"role": "user", "content": "Q"}],
            "completion": [{"role": "assistant", "content": "A"}],
        },
    ],
)
def test_every_layout_of_a_conversation_gives_the_same_example(write, answer, row):
    (example,) = read(write, [row], answer).kept
    assert example.messages == (Message("user", "Q"), Message("assistant", "A"))
    (other,) = read(write, [{"prompt": "Q", "completion": "A"}], answer).kept
    assert example.id == other.id


HUMAN = "\n\nHuman: Q\n\nAssistant: "
ASKED = {"role": "user", "content": "Q"}
GOOD, BAD = ({"role": "assistant", "content": text} for text in ("good", "bad"))


@pytest.mark.parametrize(
    "row",
    [
        {"prompt": "Q", "chosen": "good", "rejected": "bad"},
        {"messages": [ASKED], "chosen": "good", "rejected": "bad"},
        {"prompt": [ASKED], "chosen": [GOOD], "rejected": [BAD]},
        {"chosen": [ASKED, GOOD], "rejected": [ASKED, BAD]},
        {"prompt": "Q", "chosen": [ASKED, GOOD], "rejected": [ASKED, BAD]},
        {"chosen": HUMAN + "good", "rejected": HUMAN + "bad"},
        {"prompt": HUMAN, "chosen": " good", "rejected": " bad"},
        {"prompt": HUMAN, "chosen": HUMAN + "good", "rejected": HUMAN + "bad"},
        {"instruction": "Q", "input": "", "chosen": "good", "rejected": "bad"},
        {
            "conversations": [{"from": "human", "value": "Q"}],
            "chosen": {"from": "gpt", "value": "good"},
            "rejected": {"from": "gpt", "value": "bad"},
        },
    ],
)
def test_every_layout_of_a_pair_gives_the_same_example(write, prefer, row):
    (example,) = read(write, [row], prefer).kept
    assert [turn.content.strip() for turn in example.messages] == ["Q", "good"]
    assert example.rejected.strip() == "bad"
    (other,) = read(write, [{"prompt": "Q", "chosen": "good", "rejected": "bad"}], prefer).kept
    assert example.id == other.id


def test_pairs_left_out_say_why(write, prefer):
    later = {"role": "user", "content": "And then?"}
    rows = [
        {"prompt": "Q", "chosen": "good ", "rejected": " good"},
        {"prompt": "Q", "chosen": "good", "rejected": " "},
        {"prompt": "Q", "chosen": None, "rejected": "bad"},
        {"prompt": None, "chosen": "good", "rejected": "bad"},
        {"chosen": [ASKED, GOOD], "rejected": [later, BAD]},
        {"chosen": [ASKED, GOOD, later], "rejected": [ASKED, GOOD, ASKED]},
        {"prompt": "Q", "chosen": [GOOD, BAD], "rejected": [GOOD, GOOD]},
        {"prompt": [GOOD], "chosen": "good", "rejected": "bad"},
        {"prompt": "Q", "chosen": "good", "rejected": HUMAN + "bad"},
    ]
    found = read(write, rows, prefer)
    assert [row.cause for row in found.dropped] == [
        "chosen and rejected are the same",
        "empty rejected",
        "empty chosen",
        "chosen without a prompt",
        "chosen and rejected differ before their last turn",
        "a dialogue that does not end with the assistant",
        "two assistant turns in a row",
        "assistant speaks first",
    ]
    assert found.read == 9 and found.kept[0].rejected.endswith("bad")


def test_an_input_and_a_system_text_go_with_a_pair(write, prefer):
    row = {"instruction": "Add", "input": "1 + 1", "chosen": "2", "rejected": "3", "system": "Be brief"}
    (example,) = read(write, [row], prefer).kept
    assert [turn.content for turn in example.messages] == ["Be brief", "Add\n\n1 + 1", "2"]
    assert [turn.content for turn in example.conversations[1]] == ["Be brief", "Add\n\n1 + 1", "3"]


def test_category_and_documents_go_with_a_completion(write, answer):
    row = {"prompt": "Q", "completion": "A", "category": "bill", "articles": ["x", "y"], "system": "Be brief"}
    (example,) = read(write, [row], answer).kept
    assert example.labels == ("bill",) and example.documents == ("x", "y")
    assert example.messages[0] == Message("system", "Be brief")


def test_an_alpaca_input_follows_the_instruction(write, answer):
    (example,) = read(write, [{"instruction": "Add", "input": "1 + 1", "output": "2"}], answer).kept
    assert example.messages[0].content == "Add\n\n1 + 1"


def test_plain_texts_are_read_for_the_text_task(write):
    found = read(write, [{"text": "Once upon"}, {"text": ""}], Task.model_validate("text"))
    assert [row.text for row in found.kept] == ["Once upon"] and found.dropped[0].cause == "empty text"


def test_a_content_id_does_not_depend_on_file_or_order(write, classify):
    rows = [{"text": "t", "label": "a"}, {"text": "u", "label": "b"}]
    ids = [row.id for row in read(write, rows, classify).kept]
    assert [row.id for row in read(write, rows[::-1], classify).kept] == ids[::-1]
