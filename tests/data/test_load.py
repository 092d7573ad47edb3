"""Loading a plan's data: splits, leakage, warnings, the account, and every refusal."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.data.load import load_data
from overtone.data.settings import DataSettings


def lines(counts, start=0):
    """JSON Lines of different questions, so many of each label."""
    rows = [
        {"text": f"{ord(label[0])} number {start + n}", "label": label}
        for label, count in counts.items()
        for n in range(count)
    ]
    return "\n".join(json.dumps(row) for row in rows)


@pytest.fixture
def load(write, tmp_path):
    def load_files(task="classify", seed=0, **settings):
        for name, content in settings.pop("files", {}).items():
            write(name, content)
        return load_data(DataSettings.model_validate(settings), Task.model_validate(task), seed, tmp_path)

    return load_files


def test_one_file_is_split_and_every_row_accounted_for(load):
    data = load(
        files={"a.jsonl": lines({"x": 50, "y": 50}) + '\n{"text": "", "label": "x"}'}, train="a.jsonl"
    )
    assert (len(data.train), len(data.validation), len(data.test)) == (70, 10, 20)
    assert data.labels == ("x", "y") and not data.leaked and not data.warnings
    assert data.guess == "a.jsonl: labelled rows: text from 'text', label from 'label'"
    assert data.account.rows() == [
        ("a.jsonl", "read", 101, ""),
        ("a.jsonl", "kept for train", 70, ""),
        ("a.jsonl", "kept for validation", 10, ""),
        ("a.jsonl", "kept for test", 20, ""),
        ("a.jsonl", "dropped: empty text", 1, "a.jsonl:101"),
    ]


def test_the_split_depends_on_the_seed_alone(load):
    files = {
        "a.jsonl": lines({"x": 50, "y": 50}),
        "b.jsonl": "\n".join(lines({"x": 50, "y": 50}).split("\n")[::-1]),
    }
    test = {row.id for row in load(files=files, train="a.jsonl").test}
    assert test == {row.id for row in load(train="b.jsonl").test}
    assert test != {row.id for row in load(train="a.jsonl", seed=1).test}


def test_given_files_are_kept_apart_and_leaks_are_found(load):
    data = load(
        files={
            "train.csv": "text,label\nOne card,a\nTwo cards,b\n",
            "validation.csv": "text,label\nONE card!,a\nFour,b\n",
            "test.csv": "text,label\ntwo  cards,b\nFive,a\nfive?,a\nFOUR,a\n",
        },
        train="train.csv",
        validation="validation.csv",
        test="test.csv",
    )
    assert [row.text for row in data.validation] == ["Four"]
    assert {row.text for row in data.test if row.id in data.leaked} == {"two  cards", "FOUR"}
    assert len(data.test) == 4
    assert (
        "validation.csv",
        "dropped: the same question stands in train",
        1,
        "validation.csv:2",
    ) in data.account.rows()
    assert data.guess == (
        "train.csv, validation.csv, test.csv: labelled rows: text from 'text', label from 'label'"
    )
    assert data.warnings == (
        "2 of 4 test rows also stand in training; scores come with and without them.",
        "1 of 2 rows of validation.csv were dropped, most for: the same question stands in train.",
        "test rows that repeat an earlier one: 1 of 4.",
        "1 text stands with different labels, for example validation.csv:3 (b) and test.csv:5 (a).",
    )


def test_labels_that_ask_for_a_warning(load):
    data = load(
        files={
            "train.jsonl": lines({"x": 60, "y": 30, "z": 1}),
            "test.jsonl": lines({"x": 4, "oos": 3}, 100),
        },
        train="train.jsonl",
        test="test.jsonl",
    )
    assert data.warnings == (
        "The classes are unbalanced: 'x' has 64 rows, 'z' 1.",
        "1 class has a single row, too few to learn or to judge: z.",
        "Classes of fewer than 3 different rows, which stay in train: 1, 'z' (1).",
        "3 test rows hold labels that train does not, which no system can learn: oos.",
    )
    assert data.labels == ("x", "y", "z")


def test_labels_written_in_the_texts_ask_for_a_warning(load):
    rows = "".join(f"the {label} asks for {n},{label}\n" for label in ("card", "top_up") for n in range(9))
    data = load(files={"a.csv": "text,label\n" + rows}, train="a.csv")
    assert data.warnings == (
        "The label is written in the text in 18 of 18 rows; a score then says little about rows "
        "where it is not.",
    )


def test_bad_rows_are_dropped_only_when_asked_and_counted(load):
    files = {"a.csv": "text,label\n" + "".join(f"t{n},{'xy'[n % 2]}\n" for n in range(40)) + "lost\n"}
    with pytest.raises(
        UserError, match=r"^a\.csv: 1 of 41 rows cannot be read \(a\.csv:42: 1 field instead of 2\)"
    ):
        load(files=files, train="a.csv")
    data = load(train="a.csv", on_bad_row="drop")
    assert ("a.csv", "dropped: 1 field instead of 2", 1, "a.csv:42") in data.account.rows()
    assert data.account.files[0].read == 41


def test_documents_are_read_and_unknown_ids_named(load):
    rows = "".join(f"Q{n},A{n},{'ab'[n % 2]}\n" for n in range(10))
    data = load(
        task="answer",
        files={"q.csv": "prompt,completion,article\n" + rows, "d.csv": "id,text\na,One\n"},
        train="q.csv",
        documents="d.csv",
    )
    assert [document.id for document in data.documents] == ["a"] and data.labels == ()
    assert data.warnings == ("1 document ids of rows are not among the documents, such as 'b'.",)


REFUSED = {
    "one class": (
        {"train": lines({"x": 9})},
        "train.jsonl holds one class only ('x'); a classifier needs rows of at least two.",
    ),
    "no row": (
        {"train": '{"text": "", "label": "a"}\n{"text": "b", "label": null}'},
        "train.jsonl: no row is left to train on; all 2 were dropped (empty text: 1, no label: 1).",
    ),
    "no test row": (
        {"train": lines({"x": 9, "y": 9}), "test": '{"text": "", "label": "a"}'},
        "test.jsonl: no row is left to use as test; all 1 were dropped (empty text: 1).",
    ),
    "too few": (
        {"train": lines({"x": 2, "y": 2})},
        "train.jsonl: 4 rows are too few to take validation rows from; add rows (at least 3 "
        "different ones of a "
        "class) or name a file in data.validation.",
    ),
    "copied validation": (
        {
            "train": lines({"x": 9, "y": 9}),
            "validation": lines({"x": 3, "y": 3}),
            "test": lines({"x": 3, "y": 3}, 100),
        },
        "validation.jsonl: every validation row also stands in train; give other rows.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_rows_that_cannot_be_used_are_refused(load, case):
    contents, sentence = REFUSED[case]
    files = {f"{split}.jsonl": content for split, content in contents.items()}
    with pytest.raises(UserError) as error:
        load(files=files, **{split: f"{split}.jsonl" for split in contents})
    assert str(error.value) == sentence
