"""Two finished runs, made once, and the command line as a function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import overtone
from overtone.cli import main
from overtone.core.event import Event
from tests.job.plans import write_answering, write_sorting
from tests.small import edit_json, write_base

ALL_SORTERS = ["majority", "tfidf", "zero_shot", "embedding_head", "fine_tune"]


@dataclass
class Job:
    """A plan that was run: its result, where, and all that was said meanwhile."""

    plan: Path
    folder: Path
    contents: dict[str, Any]
    events: list[Event] = field(default_factory=list)


def carry_out(plan: Path) -> Job:
    events: list[Event] = []
    result = overtone.run(plan, watch=events.append, runs=plan.parent / "runs")
    return Job(plan, result.folder, result.contents, events)


@pytest.fixture(scope="session")
def sorting(small_base: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Job:
    folder = tmp_path_factory.mktemp("sorting")
    return carry_out(write_sorting(folder, small_base("bert"), ALL_SORTERS))


@pytest.fixture(scope="session")
def roomy_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A decoder whose context holds a conversation and a document, at one token a byte."""
    folder = write_base(tmp_path_factory.mktemp("bases") / "llama", "llama")
    edit_json(folder / "config.json", max_position_embeddings=512)
    edit_json(folder / "tokenizer_config.json", model_max_length=512)
    return folder


@pytest.fixture(scope="session")
def answering(roomy_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Job:
    return carry_out(write_answering(tmp_path_factory.mktemp("answering"), roomy_llama))


@pytest.fixture
def command(capsys, monkeypatch):
    """Run a command line in a folder; gives its exit code, standard output and standard error."""

    def run(folder, *arguments):
        monkeypatch.chdir(folder)
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    return run
