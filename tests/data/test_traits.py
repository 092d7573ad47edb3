"""Groups and slices named in a plan: read from every container, told in the guess, refused where absent."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.core.task import Task
from overtone.data.load import load_data
from overtone.data.settings import DataSettings

ROWS = [
    {"text": f"row {n}", "label": "ab"[n % 2], "doc": f"d{n // 4}", "lang": ["en", "de"][n % 2], "vip": n < 9}
    for n in range(80)
]


def csv(rows):
    return "\n".join([",".join(rows[0]), *(",".join(str(value) for value in row.values()) for row in rows)])


def parquet(rows):
    arrow, files = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    sink = arrow.BufferOutputStream()
    files.write_table(arrow.Table.from_pylist(rows), sink)
    return sink.getvalue().to_pybytes()


CONTAINERS = {
    "a.csv": csv,
    "a.jsonl": lambda rows: "\n".join(map(json.dumps, rows)),
    "a.parquet": parquet,
}


def load(tmp_path, **settings):
    return load_data(DataSettings.model_validate(settings), Task.model_validate("classify"), 0, tmp_path)


@pytest.mark.parametrize("name", CONTAINERS)
def test_groups_and_traits_are_read_and_ids_stay(write, tmp_path, name):
    write(name, CONTAINERS[name](ROWS))
    plain = load(tmp_path, train=name)
    data = load(tmp_path, train=name, group="doc", slices=["lang", "vip"])
    rows = [*data.train, *data.validation, *data.test]
    assert {row.text: row.id for row in rows} == {
        row.text: row.id for row in (*plain.train, *plain.validation, *plain.test)
    }
    found = next(row for row in rows if row.text == "row 5")
    assert found.group == "d1" and found.traits[0] == ("lang", "de")
    assert found.traits[1][1].lower() == "true"
    sides = [{row.group for row in part} for part in (data.train, data.validation, data.test)]
    assert sum(map(len, sides)) == 20 and all(sides)
    assert data.guess.endswith("group from 'doc', slices from 'lang', 'vip'")
    assert plain.guess.endswith("(not used: doc, lang, vip)")


def test_an_absent_column_is_refused_with_the_nearest(write, tmp_path):
    write("a.csv", csv(ROWS))
    known = "Its columns: text, label, doc, lang, vip."
    with pytest.raises(UserError) as error:
        load(tmp_path, train="a.csv", group="docs")
    assert str(error.value) == f"data.group: a.csv has no column 'docs'. Did you mean 'doc'? {known}"
    with pytest.raises(UserError) as error:
        load(tmp_path, train="a.csv", slices=["lang", "language"])
    assert str(error.value) == f"data.slices: a.csv has no column 'language'. Did you mean 'lang'? {known}"


def test_a_column_of_lists_is_refused(write, tmp_path):
    write("a.jsonl", "\n".join(json.dumps({**row, "doc": [row["doc"]]}) for row in ROWS))
    with pytest.raises(UserError, match=r"^data\.group: 'doc' holds a list or an object in a\.jsonl:1; name"):
        load(tmp_path, train="a.jsonl", group="doc")


def test_a_missing_value_is_no_group(write, tmp_path):
    write("a.jsonl", "\n".join(json.dumps({**row, "doc": None, "lang": 3}) for row in ROWS))
    data = load(tmp_path, train="a.jsonl", group="doc", slices=["lang"])
    assert {row.group for row in data.train} == {""} and {row.traits for row in data.train} == {
        (("lang", "3"),)
    }
    assert not any("group" in warning for warning in data.warnings)


def test_shared_and_few_groups_are_told(write, tmp_path):
    write("train.csv", csv(ROWS[:60]))
    write("test.csv", csv(ROWS[50:]))
    data = load(tmp_path, train="train.csv", test="test.csv", group="doc")
    assert any("10 of 30 test rows share their group" in warning for warning in data.warnings)
    assert any("come from 8 groups only" in warning for warning in data.warnings)
