"""Any text that people can write comes back byte for byte from CSV and from JSON Lines."""

import csv
import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from overtone.data.sources.delimited import read_delimited
from overtone.data.sources.jsons import read_json

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_csv(rows, delimiter, line_end):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "label"), *rows])
    assert [tuple(row.values.values()) for row in read_delimited("rows.csv", file.getvalue()).rows] == rows


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(ROWS, st.booleans(), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_json_lines(rows, ascii_only, line_end):
    lines = [json.dumps({"text": text, "label": label}, ensure_ascii=ascii_only) for text, label in rows]
    found = read_json("rows.jsonl", line_end.join(lines)).rows
    assert [(row.values["text"], row.values["label"]) for row in found] == rows
