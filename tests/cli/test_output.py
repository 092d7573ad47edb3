"""What reaches the terminal: no control characters, and tables as wide as there is room."""

import pytest

from overtone.cli.output import FILE_WIDTH, show_table, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1\u202f014 rows", "1 014 rows"),
        ("a\u00a0b", "a b"),
        ("line\nnext", "line\nnext"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb\u2028", "a\\u202eb\\u2028"),
        ("déjà vu 東京", "déjà vu 東京"),
    ],
)
def test_spaces_stay_spaces_and_control_characters_are_spelled_out(text, shown):
    assert visible(text) == shown


def test_a_table_in_a_file_does_not_wrap(capsys):
    show_table(["System", "Score"], [["x" * 70, "y" * 70]])
    assert any("x" * 70 in line and "y" * 70 in line for line in capsys.readouterr().out.splitlines())
    assert FILE_WIDTH >= 120


def test_a_table_keeps_within_a_terminal_and_loses_nothing(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    show_table(["System", "Score"], [["q" * 70, "z" * 70]])
    out = capsys.readouterr().out
    assert out.count("q") == out.count("z") == 70
    assert not any("q" * 70 in line for line in out.splitlines())
