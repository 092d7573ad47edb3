"""A base's name, and the name that means the same from anywhere."""

from pathlib import Path

import pytest

from overtone.models.locate import lasting_name


def make(folder: Path) -> str:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    return str(folder.resolve())


def test_a_folder_beside_the_plan_comes_before_one_in_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, plans = tmp_path / "here", tmp_path / "plans"
    present = make(here / "bases" / "mine")
    monkeypatch.chdir(here)
    assert lasting_name("bases/mine", plans) == present
    beside = make(plans / "bases" / "mine")
    assert lasting_name("bases/mine", plans) == beside
    assert lasting_name(present, plans) == present


def test_any_other_name_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "builtin:tiny")
    for name in ("builtin:tiny", "Qwen/Qwen3-0.6B", "nowhere"):
        assert lasting_name(name, tmp_path) == name
