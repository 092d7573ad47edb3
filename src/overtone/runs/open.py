"""Finding runs: one by its folder or name, or all in a folder."""

from pathlib import Path

from overtone.core.errors import UserError, nearest
from overtone.runs.run import Run

RUNS = Path("runs")


def open_run(folder: Path | str) -> Run:
    """The run in `folder`, or so called in `runs/`, to read; UserError with the nearest name otherwise."""
    places = [Path(folder), RUNS / folder]
    for place in places:
        if (place / "state.json").exists():
            return Run(place)
    known = [run.name for run in list_runs(RUNS)]
    raise UserError(
        f"{folder} is no run: it holds no state.json.{nearest(Path(folder).name, known)} "
        "`overtone runs list` shows all runs."
    )


def list_runs(folder: Path = RUNS) -> list[Run]:
    """Every run in a folder, the latest first."""
    found = [Run(place.parent) for place in folder.glob("*/state.json")] if folder.is_dir() else []
    return sorted(found, key=lambda run: (run.state.started, run.name), reverse=True)
