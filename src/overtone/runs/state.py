"""The state of a run: running, decided, finished or failed; a running one whose process died is interrupted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from overtone.runs.read import read_json
from overtone.runs.write import write_json

Status = Literal["running", "interrupted", "decided", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class State:
    """What `state.json` holds. `inputs` are fingerprints of the files a plan names, by their place in it."""

    status: Status
    reason: str = ""
    started: str = ""
    ended: str = ""
    starts: int = 1  # how many times work on the run began; more than one after a resume
    inputs: Mapping[str, str] = field(default_factory=dict)


def read_state(folder: Path) -> State:
    """The stored state of a run."""
    return State(**read_json(folder / "state.json"))


def write_state(folder: Path, state: State) -> None:
    """Store the state, whole or not at all."""
    write_json(folder / "state.json", asdict(state))


def now() -> str:
    """The present second in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
