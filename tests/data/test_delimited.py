"""CSV and TSV: delimiters, quoted fields, places, and each kind of damage."""

import csv

import pytest

from overtone.core.errors import UserError
from overtone.data.sources.delimited import find_delimiter
from overtone.data.sources.read import read_table


def values(table):
    return [tuple(row.values.values()) for row in table.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(write, delimiter):
    text = f'text{delimiter}label\n"one, two; three"{delimiter}a\nplain{delimiter}b\n'
    assert find_delimiter(text) == delimiter
    assert values(read_table(write("rows.csv", text))) == [("one, two; three", "a"), ("plain", "b")]


def test_one_column_is_a_table(write):
    assert values(read_table(write("rows.csv", "text\none\ntwo, three\n".replace(",", "")))) == [
        ("one",),
        ("two three",),
    ]


def test_only_line_ends_split_rows(write):
    table = read_table(write("rows.csv", 'text,label\r\n"a\r\nb\u2028c",x\r\n\r\nd\x85e,y\r\n'))
    assert values(table) == [("a\r\nb\u2028c", "x"), ("d\x85e", "y")]
    assert [row.place for row in table.rows] == ["rows.csv:2", "rows.csv:5"]


def test_a_field_may_be_very_long_and_the_limit_is_put_back(write):
    before = csv.field_size_limit()
    assert len(values(read_table(write("rows.csv", f"text,label\n{'x' * 300_000},a\n")))[0][0]) == 300_000
    assert csv.field_size_limit() == before


RAGGED = "text,label\none,a\ntwo\nthree,b,c\nfour,d\n"


def test_ragged_rows_are_refused_with_their_lines(write):
    with pytest.raises(UserError) as error:
        read_table(write("rows.csv", RAGGED))
    assert str(error.value) == (
        "rows.csv: 2 of 4 rows cannot be read (rows.csv:3: 1 field instead of 2; rows.csv:4: 3 "
        "fields instead "
        "of 2). A row is 2 fields (text, label), with double quotes around a field that holds a "
        "comma. Correct "
        "the rows, or set data.on_bad_row: drop to leave them out and have them counted."
    )


def test_ragged_rows_may_be_dropped_and_are_counted(write):
    table = read_table(write("rows.csv", RAGGED), drop_bad_rows=True)
    assert values(table) == [("one", "a"), ("four", "d")]
    assert [(row.place, row.cause) for row in table.damaged] == [
        ("rows.csv:3", "1 field instead of 2"),
        ("rows.csv:4", "3 fields instead of 2"),
    ]


REFUSED = {
    'text,label\none,a\n"two,b\nthree,c\n': (
        "rows.csv:3: a quoted field opens here and is not closed properly (it runs to line 4); close it, or "
        'write a double quote that belongs to the text twice ("").'
    ),
    'text,label\n"two,b\nthree,"c"\n': (
        "rows.csv:2: a quoted field opens here and is not closed properly (it runs to line 3); close it, or "
        'write a double quote that belongs to the text twice ("").'
    ),
    "text,label,text\na,b,c\n": "rows.csv:1: the column 'text' stands twice in the header; rename one.",
    "text,label\n": "rows.csv holds only a header (text, label) and no row; add rows below it.",
    '"te"xt,label\na,b\n': (
        "rows.csv:1: the header cannot be read: a quoted field is not closed properly; correct it."
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_damage_to_the_file_is_refused_even_where_rows_may_be_dropped(write, text):
    with pytest.raises(UserError) as error:
        read_table(write("rows.csv", text), drop_bad_rows=True)
    assert str(error.value) == REFUSED[text]


def test_a_damaged_quote_in_one_line_is_one_bad_row(write):
    table = read_table(write("rows.csv", 'text,label\n"he "said" it",a\nok,b\n'), drop_bad_rows=True)
    assert values(table) == [("ok", "b")]
    assert table.damaged[0].cause == "a quoted field is not closed properly"
