"""Bytes to text: compression, encodings, and files that hold no rows."""

import gzip

import pytest

from overtone.core.errors import UserError
from overtone.data.sources.read import read_table

ROWS = "text,label\nCafé,à\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        b"\xff\xfe" + ROWS.encode("utf-16-le"),
        b"\xfe\xff" + ROWS.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + ROWS.encode("utf-32-le"),
        gzip.compress(ROWS.encode("utf-8-sig"), mtime=0),
    ],
)
def test_every_encoding_gives_the_same_rows(write, content):
    table = read_table(write("rows.csv", content))
    assert [dict(row.values) for row in table.rows] == [{"text": "Café", "label": "à"}]
    assert table.rows[0].place == "rows.csv:2"


REFUSED = {
    "latin.csv": (
        "text,label\nok,a\nCafé,b\n".encode("latin-1"),
        "latin.csv is not UTF-8 in line 3 (first bad byte 0xe9 at offset 19; as Windows-1252 it reads "
        "'bel ok,a Café,b'); save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 latin.csv",
    ),
    "mixed.csv": (
        "text\nCafé\n".encode() + "Café\n".encode("latin-1"),
        "mixed.csv is not UTF-8 in line 3 (first bad byte 0xe9 at offset 14; as Windows-1252 it reads "
        "'xt CafÃ© Café'); the other lines are UTF-8, so correct only the named",
    ),
    "bare.csv": (
        ROWS.encode("utf-16-le"),
        "bare.csv looks like UTF-16 without a byte order mark; save it as UTF-8.",
    ),
    "half.csv": (
        b"\xff\xfe" + ROWS.encode("utf-16-le")[:-1],
        "half.csv begins like UTF-16-LE but is damaged at byte 34; copy it again, or save it as UTF-8.",
    ),
    "cut.csv.gz": (
        gzip.compress(ROWS.encode(), mtime=0)[:-9],
        "cut.csv.gz is gzip, but damaged or incomplete; copy or download it again.",
    ),
    "empty.jsonl": (b"", "empty.jsonl is empty; give a file with rows."),
    "blank.csv": (b"\n \n", "blank.csv is empty; give a file with rows."),
    "array.json": (b"[]", "array.json holds no row; add rows."),
    "book.csv": (
        b"PK\x03\x04 xl/workbook.xml",
        "book.csv is an Excel workbook, which this version does not read; save the sheet as CSV (UTF-8).",
    ),
    "rows.zip": (
        b"PK\x03\x04 rows.csv",
        "rows.zip is a zip archive; unpack it and name one CSV, JSON, JSONL or Parquet file.",
    ),
    "notes.txt": (
        b"text\ta\n",
        'notes.txt is plain text, which has no rows; write one JSON object a line, {"text": "..."}, '
        "into a .jsonl file, or call the file .csv or .tsv where it has columns.",
    ),
    "fast.txt": (
        b"__label__a text\n",
        "fast.txt is fastText lines, which this version does not read; write CSV with the columns "
        "text,label.",
    ),
    "page.csv": (
        b"<!DOCTYPE html><p>text",
        'page.csv is a web page; take the text out of it and write one JSON object a line, {"text": "..."}, '
        "into a .jsonl file.",
    ),
    "rows.parquet": (
        b"PAR1 cut",
        "rows.parquet is Parquet, but damaged or incomplete",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_readable_rows_is_refused_in_words(write, name):
    content, sentence = REFUSED[name]
    with pytest.raises(UserError) as error:
        read_table(write(name, content))
    assert str(error.value).startswith(sentence)


def test_a_missing_file_names_its_neighbour(write, tmp_path):
    write("mails.csv", ROWS)
    with pytest.raises(UserError) as error:
        read_table(tmp_path / "mails.cvs")
    assert str(error.value) == f"there is no file {tmp_path / 'mails.cvs'}. Did you mean 'mails.csv'?"


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(
        UserError, match=r"is a folder; name one CSV, TSV, JSON, JSONL or Parquet file in it\.$"
    ):
        read_table(tmp_path)


def test_parquet_without_its_packages_names_the_extra(write, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(UserError) as error:
        read_table(write("rows.parquet", b"PAR1"))
    assert str(error.value) == (
        "rows.parquet is Parquet, and reading it needs packages that are not installed: "
        "pip install 'overtone[parquet]'"
    )
