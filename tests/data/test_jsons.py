"""JSON and JSON Lines in every arrangement, and each kind of damage."""

import json

import pytest

from overtone.core.errors import UserError
from overtone.data.sources.read import read_table

ROWS = [{"text": f"t{number}", "label": "a\u2028\x85"} for number in range(3)]

ARRANGEMENTS = {
    "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
    "crlf_and_blank_lines": "\r\n\r\n".join(json.dumps(row) for row in ROWS) + "\r\n",
    "array": json.dumps(ROWS),
    "pretty_array": json.dumps(ROWS, indent=2),
    "wrapped": json.dumps({"version": "1", "data": ROWS}),
    "pretty_wrapped": json.dumps({"version": "1", "data": ROWS}, indent=1),
    "columns": json.dumps({name: [row[name] for row in ROWS] for name in ("text", "label")}),
    "indexed_columns": json.dumps(
        {name: {str(n): row[name] for n, row in enumerate(ROWS)} for name in ("text", "label")}
    ),
}


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_every_arrangement_gives_the_same_rows_under_any_name(write, arrangement, ending):
    table = read_table(write(f"rows.{ending}", ARRANGEMENTS[arrangement]))
    assert [dict(row.values) for row in table.rows] == ROWS


def test_a_single_object_is_a_single_row(write):
    assert len(read_table(write("rows.jsonl", '{"text": "a", "label": "b"}\n')).rows) == 1


def test_places_are_lines_or_numbers_of_rows(write):
    assert read_table(write("rows.jsonl", '{"a": 1}\n\n{"a": 2}')).rows[1].place == "rows.jsonl:3"
    assert read_table(write("rows.json", '[{"a": 1}, {"a": 2}]')).rows[1].place == "rows.json row 2"


TAIL = (
    ' A row is one JSON object, {"column": value, ...}. Correct the rows, or set '
    "data.on_bad_row: drop to leave "
    "them out and have them counted."
)
REFUSED = {
    '{"text": "a"}\n{"text": "b\n': (
        "rows.jsonl: 1 of 2 rows cannot be read (rows.jsonl:2: ends in the middle of a value, so "
        "the copy may be "
        "incomplete)." + TAIL
    ),
    '{"text": "a"}\n{"text" "b"}\n': (
        "rows.jsonl: 1 of 2 rows cannot be read (rows.jsonl:2: not valid JSON (expecting ':' delimiter, "
        "column 9))." + TAIL
    ),
    '{"text": "a"}\n{"text": NaN}\n': (
        "rows.jsonl: 1 of 2 rows cannot be read (rows.jsonl:2: NaN is not valid JSON, write null or a text)."
        + TAIL
    ),
    '{"text": "a"}\n{"text": "\\ud800"}\n': (
        "rows.jsonl: 1 of 2 rows cannot be read (rows.jsonl:2: half a character (a lone surrogate))." + TAIL
    ),
    '[{"text": "a"}, "b"]': (
        "rows.jsonl: 1 of 2 rows cannot be read (rows.jsonl row 2: a text where an object is expected)."
        + TAIL
    ),
    '[\n{"text": "a"}\n{"text": "b"}\n]': (
        "rows.jsonl:3: not valid JSON (expecting ',' delimiter, column 1); correct the file or "
        "fetch it again."
    ),
    '[\n{"text": "a"},\n{"text": "b': (
        "rows.jsonl:3: ends in the middle of a value, so the copy may be incomplete; correct the "
        "file or fetch "
        "it again."
    ),
    "[" * 100_000: "rows.jsonl: nested too deeply; correct the file.",
    '{"a": [{"x": 1}], "b": [{"x": 1}]}': (
        "rows.jsonl holds several arrays of rows (a, b); write a file for each."
    ),
    '{"late": ["t1", "t2"], "lost": ["t3"]}': (
        "rows.jsonl holds lists of different lengths under 2 names, so they are no columns; where "
        "the names are "
        'labels, write one {"text": ..., "label": ...} object for each text.'
    ),
    "{}": "rows.jsonl holds an object, not rows; give an array of objects.",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:20])
def test_damage_is_refused_with_its_line(write, text):
    with pytest.raises(UserError) as error:
        read_table(write("rows.jsonl", text))
    assert str(error.value) == REFUSED[text]
