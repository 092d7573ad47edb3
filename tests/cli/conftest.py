"""A fake API: what a command asks is noted, what it gets is made up."""

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import overtone
from overtone.cli import main


@dataclass
class Result:
    """As the API's: what `report.json` holds, and where."""

    contents: dict[str, Any]
    folder: Path


@pytest.fixture
def api(monkeypatch):
    """An empty API to which a test gives the functions its command may call."""
    module = ModuleType("overtone.api")
    monkeypatch.setitem(sys.modules, "overtone.api", module)
    monkeypatch.setattr(overtone, "api", module, raising=False)
    return module


@pytest.fixture
def overtone_command(capsys, monkeypatch, tmp_path):
    """Run a command line in an empty folder; gives its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run
