"""The Python API: the dozen functions a user calls, and the one place where the folders meet."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.core.event import Watch, unwatched
from overtone.plan import Plan, read_plan
from overtone.runs.name import check_name
from overtone.runs.open import RUNS, open_run

if TYPE_CHECKING:
    from overtone.runs.doctor import Check

NO_COLUMNS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Result:
    """A finished run: what `report.json` holds, and the run's folder."""

    contents: dict[str, Any]
    folder: Path


def load_plan(path: Path | str, overrides: Sequence[str] = (), name: str | None = None) -> Plan:
    """The checked plan in a YAML file, after overrides such as `stages.0.method.rank=16`."""
    return read_plan(path, overrides, name)


def run(
    plan: Plan | Path | str,
    overrides: Sequence[str] = (),
    name: str | None = None,
    watch: Watch = unwatched,
    runs: Path = RUNS,
) -> Result:
    """Run a plan (or the file that holds one): measure rivals, tune, prove, check parity, report.

    The result lies in `runs/NAME`; the same plan goes on where an interrupted run stopped. Paths of data and
    base are relative to the plan file, or to the present folder where the plan is an object. `watch` hears
    progress.
    """
    from overtone.job.main import run_plan

    here = Path() if isinstance(plan, Plan) else Path(plan).parent
    checked = _named(plan, overrides, name) if isinstance(plan, Plan) else read_plan(plan, overrides, name)
    folder = runs / check_name(str(checked.name))
    contents = run_plan(checked, here, folder, fingerprints(checked, here), watch)
    return Result(contents, folder)


def _named(plan: Plan, overrides: Sequence[str], name: str | None) -> Plan:
    """A plan that is an object already, with the name of its run."""
    if overrides:
        raise UserError("overrides change a plan's file; change a plan that is an object with its model_copy")
    return plan.model_copy(update={"name": next(one for one in (name, plan.name, "run") if one is not None)})


def fingerprints(plan: Plan, folder: Path) -> dict[str, str]:
    """A hash of each data file of a plan, so that a run never goes on over other rows."""
    names = {key: getattr(plan.data, key) for key in ("train", "validation", "test", "documents")}
    files = {f"data.{key}": folder / name for key, name in names.items() if name}
    return {key: _hash(path) for key, path in files.items() if path.is_file()}


def demo(folder: Path, watch: Watch = unwatched) -> list[Result]:
    """Write the embedded support e-mails into `folder` and run the main job on them: sort, then answer."""
    from overtone.demo.write import write_demo

    write_demo(folder)
    return [run(folder / f"{plan}.yaml", watch=watch, runs=folder / "runs") for plan in ("sort", "answer")]


def predict(run: Path | str, file: Path | str, watch: Watch = unwatched) -> list[dict[str, Any]]:
    """Answer each row of a file with a run's published model; its own columns come first, and stay as they are.

    Each result adds `prediction`, `probability` and `error`, all with a number behind where the file has one.
    """
    from overtone.job.predict import predict_file

    opened = open_run(run)
    return predict_file(_plan_of(opened.plan), Path(file), chat(opened.folder), watch)


def evaluate(run: Path | str, data: Path | str, watch: Watch = unwatched) -> dict[str, Any]:
    """Score a run's published model on other rows; contents in the shape of `report.json`."""
    from overtone.job.judge import judge

    opened = open_run(run)
    return judge(opened, _plan_of(opened.plan), Path(data), chat(opened.folder), watch)


def chat(run: Path | str) -> System:
    """The published model of a run, to be asked; UserError where the run has none."""
    from overtone.job.publish import load_system

    return load_system(open_run(run).folder)


def serve(
    runs: Sequence[Path | str],
    host: str = "127.0.0.1",
    port: int = 8000,
    key: str | None = None,
    listening: Callable[[str], None] | None = None,
) -> None:
    """Serve the published models of runs over HTTP, each by its run's name, until a signal.

    `listening` hears the base URL once clients may connect.
    """
    from overtone.serve.address import check_address
    from overtone.serve.server import build_app, run_server

    check_address(host, key is not None)
    opened = [open_run(one) for one in runs]
    names = [one.name for one in opened]
    if len(set(names)) < len(names):
        raise UserError(
            f"two of the runs have the same name ({', '.join(names)}), by which clients ask for them"
        )
    app = build_app({one.name: chat(one.folder) for one in opened}, key=key, host=host)
    run_server(app, host, port, listening)


def show_data(
    file: Path | str,
    base: str | None = None,
    task: str | None = None,
    rows: int = 3,
    columns: Mapping[str, str] = NO_COLUMNS,
) -> dict[str, Any]:
    """What is recognised in a file, every row accounted for, and what a trainer would see of the first rows."""
    from overtone.job.show import show_file

    return show_file(Path(file), base, task, rows, columns)


def doctor() -> "list[Check]":
    """What of this machine and installation is well, absent or broken."""
    from overtone.runs.doctor import examine

    return examine()


def _plan_of(document: dict[str, Any]) -> Plan:
    from overtone.plan import check_plan

    return check_plan(document, "the run's plan.yaml")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
