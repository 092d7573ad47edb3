"""Fingerprints of a plan's data files, so that a run never goes on over other rows."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from overtone.data.settings import DataSettings
from overtone.decide.rivals.fine_tune import FineTune
from overtone.methods.start import WEIGHTS
from overtone.objectives.policy import Policy
from overtone.plan import Plan
from overtone.train.stage import Stage


def fingerprints(plan: Plan, folder: Path) -> dict[str, str]:
    """A hash of each file that a plan reads, so that a run never goes on over other rows or another metric."""
    from overtone.evaluate.judging import judging_files

    files = _files("data", plan.data, folder)
    for stage, own in _with_own_rows(plan):
        files |= _files(f"{stage}.data", own, folder)
    files |= {key: folder / name for key, name in judging_files(plan.task).items()}
    files |= {key: folder / name for key, name in (*_rewarding(plan), *_adapters(plan))}
    return {key: _hash(path) for key, path in files.items() if path.is_file()}


def _rewarding(plan: Plan) -> Iterator[tuple[str, str]]:
    """The user's own functions that reward answers, by the key of their stage."""
    for key, stage in _stages(plan):
        if isinstance(stage.objective, Policy) and stage.objective.reward.file is not None:
            yield f"{key}.objective.reward.file", stage.objective.reward.file


def _adapters(plan: Plan) -> Iterator[tuple[str, str]]:
    """The weights of the finished adapters that methods begin as or build upon."""
    for key, stage in _stages(plan):
        for name in stage.method.places:
            value = getattr(stage.method, name) or ()
            for number, one in enumerate([value] if isinstance(value, str) else value):
                yield f"{key}.method.{name}.{number}", str(Path(one) / WEIGHTS)


def _files(key: str, data: DataSettings, folder: Path) -> dict[str, Path]:
    names = {name: getattr(data, name) for name in ("train", "validation", "test", "documents")}
    return {f"{key}.{name}": folder / file for name, file in names.items() if file}


def _with_own_rows(plan: Plan) -> Iterator[tuple[str, DataSettings]]:
    """The stages that read rows of their own, by their key in the plan."""
    for key, stage in _stages(plan):
        own = [*([stage.data] if stage.data else []), *stage.curriculum.sources]
        yield from ((f"{key}.rows.{number}", data) for number, data in enumerate(own))


def _stages(plan: Plan) -> Iterator[tuple[str, Stage]]:
    """All stages, by their key in the plan."""
    rivals = [rival for rival in plan.decide.rivals or () if isinstance(rival, FineTune)]
    lists = {"stages": plan.stages, **{rival.key: rival.stages or [] for rival in rivals}}
    for key, stages in lists.items():
        yield from ((f"{key}.{place}", stage) for place, stage in enumerate(stages))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
