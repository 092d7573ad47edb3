"""`overtone cache`: what it shows and deletes, and what it refuses."""

import io
import json
import subprocess
import sys

import pytest
import torch

from overtone.engine.remember import Recipe, Store, Values, remembered, remembering


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of three recipes over two bases, one of them served once."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("OVERTONE_CACHE", str(folder))
    with remembering(Store(folder, 10**9)) as store:
        for base, kind, times in (("one", "features", 2), ("one", "states", 1), ("other", "features", 1)):
            for _ in range(times):
                remembered(store, lambda: Recipe(base, base, kind, {"depth": 3}), [(1, 2), (3,)], compute)  # noqa: B023
    return folder


def compute(rows):
    return Values.one_each([torch.ones(len(row), 100) for row in rows])


def test_show_tells_base_kind_rows_size_and_rows_served(folder, overtone_command):
    code, out, error = overtone_command("cache", "show")
    assert (code, error) == (0, "")
    lines = [line for line in out.splitlines() if line.strip()]
    assert lines[0].split() == ["base", "kind", "settings", "rows", "MB", "served", "computed"]
    assert [line.split()[:2] for line in lines[2:5]] == [
        ["one", "features"],
        ["one", "states"],
        ["other", "features"],
    ]
    assert lines[2].split()[2:] == ["depth", "3", "2", "0.0", "2", "2"]
    assert lines[-1].endswith(f"MB of at most 10000 MB in {folder}.")


def test_show_as_json(folder, overtone_command):
    found = json.loads(overtone_command("cache", "show", "--json")[1])
    assert found["folder"] == str(folder)
    assert found["limit_bytes"] == 10**10
    assert found["bytes"] == sum(entry["bytes"] for entry in found["entries"])
    assert found["bytes"] == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert [(entry["rows"], entry["hits"], entry["misses"]) for entry in found["entries"]] == [
        (2, 2, 2),
        (2, 0, 2),
        (2, 0, 2),
    ]


def test_an_empty_cache_is_no_trouble(tmp_path, monkeypatch, overtone_command):
    monkeypatch.setenv("OVERTONE_CACHE", str(tmp_path / "nothing"))
    assert overtone_command("cache", "show")[1].startswith("0.0 MB of at most")
    assert overtone_command("cache", "clear", "--yes")[0] == 0
    assert not (tmp_path / "nothing").exists()


def test_what_cannot_be_read_is_shown_and_cleared(folder, overtone_command):
    for path in [*folder.glob("*/recipe.json"), *folder.glob("*/ledger.sqlite")]:
        path.write_bytes(b"\xff")
    code, out, _ = overtone_command("cache", "show")
    assert code == 0
    assert out.count("unknown") == 6
    assert overtone_command("cache", "clear", "--yes")[0] == 0
    assert not list(folder.iterdir())


def test_clear_deletes_all_or_one_base(folder, overtone_command):
    code, out, _ = overtone_command("cache", "clear", "--base", "one", "--yes", "--json")
    assert (code, json.loads(out)["entries"]) == (0, 2)
    assert len(list(folder.iterdir())) == 1
    assert overtone_command("cache", "clear", "--yes")[0] == 0
    assert not list(folder.iterdir())


def test_clear_asks_first(folder, overtone_command, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    code, out, error = overtone_command("cache", "clear")
    assert (code, out) == (130, "")
    assert f"Delete all that is remembered in {folder}?" in error
    assert len(list(folder.iterdir())) == 3


def test_an_unknown_base_is_refused_with_the_nearest(folder, overtone_command):
    code, out, error = overtone_command("cache", "clear", "--base", "othr", "--yes")
    assert (code, out) == (2, "")
    assert (
        "nothing is remembered of a base called 'othr'. Did you mean 'other'? Remembered: one, other."
        in error
    )
    assert len(list(folder.iterdir())) == 3


def test_a_wrong_limit_is_refused(folder, overtone_command, monkeypatch):
    monkeypatch.setenv("OVERTONE_CACHE_GIGABYTES", "ten")
    code, _, error = overtone_command("cache", "show")
    assert code == 2
    assert "OVERTONE_CACHE_GIGABYTES is 'ten'" in error


def test_the_commands_import_nothing_heavy(folder):
    script = """
import sys
from overtone.cli import main
try:
    main(["cache", "show"])
finally:
    found = [name for name in ("torch", "transformers", "safetensors", "numpy", "pydantic") if name in sys.modules]
    assert not found, found
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
