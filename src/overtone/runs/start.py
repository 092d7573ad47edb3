"""The one rule for a run folder that is already there: resume, show, or refuse with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from overtone.core.errors import UserError
from overtone.runs.difference import differences
from overtone.runs.environment import environment
from overtone.runs.lock import Lock
from overtone.runs.name import check_name
from overtone.runs.run import Run
from overtone.runs.state import State, Status, now, write_state
from overtone.runs.write import write_json, write_text

NO_INPUTS: Mapping[str, str] = {}


def start_run(
    folder: Path,
    plan: Mapping[str, Any],
    inputs: Mapping[str, str] = NO_INPUTS,
    enough: Sequence[Status] = ("finished",),
    free: Sequence[str] = (),
) -> Run:
    """Begin, resume or show the run in `folder`.

    `plan` is the resolved plan as plain values, `inputs` fingerprints of the files it names (`data.train` to
    a hash), so that a run never goes on over other rows. The same plan on an unfinished, dead run resumes it;
    on a run whose status is `enough` it gives that run, with nothing to do. A plan that differs under the
    `free` keys alone, which no finished piece of the work depends on, takes the old one's place, and the run
    goes on. UserError where the plan or a file differs elsewhere (told field by field), where a living
    process holds the run, or where the folder is no run.
    """
    check_name(folder.name)
    fresh = not folder.exists()
    if not fresh:
        _refuse_foreign(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lock = Lock(folder / "lock")
    lock.take()
    try:
        if not (folder / "state.json").exists():
            _begin(folder, plan, inputs)
            return Run(folder, lock, fresh)
        run = Run(folder, lock)
        _refuse_other(run, plan, inputs, free)
        changed = bool(_changes(run, plan))
        if changed:
            _write_plan(folder, plan)
        if run.state.status in enough and not changed:
            run.close()
        else:
            _resume(run)
        return run
    except BaseException:
        lock.release()
        raise


def _begin(folder: Path, plan: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
    """Fill a new folder; `state.json` comes last: a crash before it leaves a folder still to be begun."""
    (folder / "checkpoints").mkdir(exist_ok=True)
    _write_plan(folder, plan)
    write_json(folder / "environment.json", environment())
    write_state(folder, State(status="running", started=now(), inputs=dict(inputs)))


def _write_plan(folder: Path, plan: Mapping[str, Any]) -> None:
    write_text(folder / "plan.yaml", yaml.safe_dump(dict(plan), sort_keys=False, allow_unicode=True))


def _changes(run: Run, plan: Mapping[str, Any]) -> list[str]:
    """Each value of the plan that is not the run's, told as a person would."""
    return list(differences(run.plan, yaml.safe_load(yaml.safe_dump(dict(plan)))))


def _resume(run: Run) -> None:
    """Mark the run as running again, with the environment of today."""
    write_json(run.folder / "environment.json", environment())
    state = run.state
    write_state(run.folder, replace(state, status="running", reason="", ended="", starts=state.starts + 1))


def _refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something other than a run."""
    known = ("state.json", "lock", "search", "cross_validation")
    if not folder.is_dir() or (any(folder.iterdir()) and not any((folder / name).exists() for name in known)):
        raise UserError(f"{folder} exists and is no run. Give this run another --name.")


def _refuse_other(run: Run, plan: Mapping[str, Any], inputs: Mapping[str, str], free: Sequence[str]) -> None:
    """Refuse a plan, or files, other than those the run began with; what is `free` may change."""
    found = [line for line in _changes(run, plan) if not _is_under(line, free)]
    found += [f"contents of {line}" for line in differences(dict(run.state.inputs), dict(inputs))]
    if found:
        changes = "\n".join(f"  {line}" for line in found)
        raise UserError(
            f"The run {run.folder} was made with a different plan:\n{changes}\n"
            "Give this run another --name, or take the changes back."
        )


def _is_under(line: str, keys: Sequence[str]) -> bool:
    """Whether a difference lies at or below one of the keys."""
    path = line.partition(":")[0]
    return any(path == key or path.startswith((f"{key}.", f"{key}[")) for key in keys)
