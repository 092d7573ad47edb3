"""Files are written whole or not at all."""

import pytest

from overtone.runs.write import write_json, write_text


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    write_text(path, "old")
    monkeypatch.setattr("os.fsync", _full_disk)
    with pytest.raises(OSError, match="no space"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_numbers_that_json_does_not_know_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "report.json", {"loss": float("nan")})
    assert list(tmp_path.iterdir()) == []


def _full_disk(descriptor):
    raise OSError("no space left on device")
