"""Publish the best tuned candidate of a run: its artifact stands in the run folder as `adapter/` or `model/`."""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.core.example import Document
from overtone.decide.rivals.fine_tune import over
from overtone.decide.searching import Searching
from overtone.job.candidate import artifact_folder
from overtone.job.merge_gap import FILE as GAP
from overtone.job.retrieving import RetrievingWriter
from overtone.runs.write import write_json
from overtone.train.artifact import Artifact, load_artifact

RETRIEVAL = "retrieval.json"


def publish(
    candidate: Path, run: Path, documents: Sequence[Document], count: int, searching: dict[str, object]
) -> Path:
    """Put a candidate's artifact at the top of the run.

    Where `count` is not 0, also the documents that it reads and how they are searched (`Searching.searching`).
    """
    source = artifact_folder(candidate)
    if source is None:
        raise UserError(f"{candidate} holds no finished model")
    target = run / source.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=_link)
    if count:
        written = [asdict(document) for document in documents]
        write_json(run / RETRIEVAL, {"count": count, "searching": searching, "documents": written})
    return target


def withdraw(run: Path) -> None:
    """Take back what an earlier start of the run published: nothing stands there until parity holds again."""
    published = artifact_folder(run)
    if published is not None:
        shutil.rmtree(published)
    for name in (RETRIEVAL, GAP):
        (run / name).unlink(missing_ok=True)


def load_system(run: Path, task: str | None = None) -> System:
    """The published model of a run as a system; UserError where the run published none, or has no such task."""
    artifact = _published(run)
    return _system(artifact if task is None else artifact.under(task), run)


def load_systems(run: Path) -> dict[str, System]:
    """By the names that clients ask for: the run's, and behind a colon each further task's, all over one body."""
    artifact = _published(run)
    further = {f"{run.name}:{one.name}": artifact.under(one.name).system() for one in artifact.card.tasks}
    return {run.name: _system(artifact, run), **further}


def _published(run: Path) -> Artifact:
    folder = artifact_folder(run)
    if folder is None:
        raise UserError(
            f"{run} has no tuned model: it has not finished, or its plan names no tuned candidate"
        )
    return load_artifact(folder)


def _system(artifact: Artifact, run: Path) -> System:
    system: System = artifact.system()
    path = run / RETRIEVAL
    if not path.exists():
        return system
    contents = json.loads(path.read_text(encoding="utf-8"))
    documents = [Document(**document) for document in contents["documents"]]
    if "embed" in system.can:
        return over(system, documents)
    searching = Searching.model_validate(contents.get("searching", {}))
    return RetrievingWriter(system, documents, contents["count"], searching)  # type: ignore[arg-type]


def _link(source: str, target: str) -> str:
    """A second name for the same bytes where the disk allows it, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
