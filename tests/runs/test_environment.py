"""What a run tells of its machine, and what it keeps to itself."""

import getpass
import json
import platform
from pathlib import Path

from overtone.runs.doctor import Check, examine
from overtone.runs.environment import environment


def test_versions_and_machine_are_told_but_no_user_host_or_folder():
    told = environment()
    assert told["python"] == platform.python_version()
    assert {"overtone", "numpy", "pydantic"} <= set(told["packages"])
    assert told["cores"] >= 1
    assert told["memory_bytes"] > 0
    text = json.dumps(told)
    assert str(Path.home()) not in text
    assert platform.node() not in text
    assert f'"{getpass.getuser()}"' not in text


def test_the_doctor_finds_the_core_sound_and_names_the_extra_of_what_is_absent(monkeypatch):
    monkeypatch.setattr("overtone.runs.doctor.version", lambda package: None if package == "bm25s" else "1.0")
    monkeypatch.setattr("overtone.runs.doctor.import_module", lambda module: None)
    checks = {check.name: check for check in examine()}
    assert checks["numpy"].ok
    assert checks["bm25s"] == Check("bm25s", False, False, "not installed: pip install 'overtone[retrieve]'")


def test_the_doctor_finds_a_package_that_cannot_be_imported(monkeypatch):
    monkeypatch.setattr("overtone.runs.doctor.import_module", _broken)
    numpy = next(check for check in examine() if check.name == "numpy")
    assert numpy == Check("numpy", False, True, "cannot be imported: libfoo.so is missing")


def _broken(module):
    raise ImportError("libfoo.so is missing")
