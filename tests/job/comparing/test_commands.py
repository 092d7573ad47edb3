"""The commands `compare` and `history`: exit codes for CI, one JSON document, one page."""

import json

import pytest

from tests.job.comparing.finished import finish, texts


@pytest.fixture
def folder(tmp_path):
    rows = texts(100)
    finish(tmp_path / "runs" / "before", rows, {"tfidf": 50, "fine_tune": 80})
    finish(tmp_path / "runs" / "after", rows, {"tfidf": 50, "fine_tune": 60}, "2026-01-02T00:00:00")
    return tmp_path


def test_comparing_alone_passes(folder, command):
    code, out, _ = command(folder, "compare", "before", "after")
    assert code == 0 and "Verdicts side by side" in out and "'after' is worse than 'before'" in out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--no-regression"], 1),
        (["--fail-below", "0.7"], 1),
        (["--fail-below", "0.55"], 0),
        (["--fail-below", "0.55", "--shown"], 1),
        (["--no-regression", "--margin", "0.4"], 0),
    ],
)
def test_the_gate_speaks_by_exit_code_and_says_why(folder, command, options, code):
    given, out, _ = command(folder, "compare", "before", "after", *options)
    assert given == code and ("Gate: 'after'" in out) == bool(code)


@pytest.mark.parametrize("options", [["--margin", "0.1"], ["--shown"]])
def test_options_that_need_another_are_refused(folder, command, options):
    code, _, said = command(folder, "compare", "before", "after", *options)
    assert code == 2 and "give both" in said


def test_a_run_that_is_none_is_named_with_the_nearest(folder, command):
    code, _, said = command(folder, "compare", "before", "aftre")
    assert code == 2 and "Did you mean 'after'?" in said


def test_json_is_one_document(folder, command):
    code, out, _ = command(folder, "compare", "before", "after", "--no-regression", "--json")
    found = json.loads(out)
    assert code == 1 and len(found["failures"]) == 1
    assert [section["name"] for section in found["sections"]] == ["verdicts", "same_rows"]


def test_pages_are_written_whole(folder, command):
    command(folder, "compare", "before", "after", "--html", "out/compare.html")
    code, out, _ = command(folder, "history", "--html", "out/history.html")
    assert code == 0 and "2 runs on the same 100 rows" in out
    assert "Verdicts side by side" in (folder / "out" / "compare.html").read_text()
    page = (folder / "out" / "history.html").read_text()
    assert "<svg" in page and "<script" not in page


def test_history_without_runs_says_so(tmp_path, command):
    code, out, _ = command(tmp_path, "history")
    assert code == 0 and "No two finished runs" in out
