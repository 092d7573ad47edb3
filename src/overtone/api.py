"""The Python API: the dozen functions a user calls, and the one place where the folders meet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.core.event import Watch, unwatched
from overtone.job.fingerprints import fingerprints
from overtone.plan import Plan, read_plan
from overtone.runs.name import check_name
from overtone.runs.open import RUNS, list_runs, open_run

if TYPE_CHECKING:
    from overtone.job.comparing.session import Session
    from overtone.job.deciding.estimate import Estimate
    from overtone.job.found import Found
    from overtone.job.searching.main import Searched
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
    from overtone.job.safety.report import with_safety

    return _carry_out(with_safety(run_plan), plan, overrides, name, watch, runs)


def decide(
    plan: Plan | Path | str,
    overrides: Sequence[str] = (),
    name: str | None = None,
    watch: Watch = unwatched,
    runs: Path = RUNS,
) -> Result:
    """Decide whether to tune: as `run`, but nothing is published; `run` on the same plan repeats nothing."""
    from overtone.job.main import decide_plan

    return _carry_out(decide_plan, plan, overrides, name, watch, runs)


def estimate(plan: Plan | Path | str, overrides: Sequence[str] = (), watch: Watch = unwatched) -> "Estimate":
    """What a run of a plan would take in time, memory and disk, from a probe; nothing is kept."""
    from overtone.job.main import estimate_plan

    here = Path() if isinstance(plan, Plan) else Path(plan).parent
    checked = _named(plan, overrides, None) if isinstance(plan, Plan) else read_plan(plan, overrides)
    return estimate_plan(checked, here, watch)


def _carry_out(
    job: Callable[..., dict[str, Any]],
    plan: Plan | Path | str,
    overrides: Sequence[str],
    name: str | None,
    watch: Watch,
    runs: Path,
) -> Result:
    """Do a job in the run folder of a plan, which the job makes."""
    here = Path() if isinstance(plan, Plan) else Path(plan).parent
    checked = _named(plan, overrides, name) if isinstance(plan, Plan) else read_plan(plan, overrides, name)
    folder = runs / check_name(str(checked.name))
    contents = job(checked, here, folder, fingerprints(checked, here), watch)
    return Result(contents, folder)


def search(
    plan: Plan | Path | str,
    overrides: Sequence[str] = (),
    name: str | None = None,
    trials: int | None = None,
    workers: int = 1,
    storage: str | None = None,
    watch: Watch = unwatched,
    runs: Path = RUNS,
) -> "Searched":
    """Search the settings of a plan as its `search` section says, and prove the best on the test rows.

    The result lies in `runs/NAME/search`, `search.html` and `search.json`; the same call goes on where an
    interrupted search stopped, and more `trials` go on with one that ended. `storage` is the address of a
    database; a file of the search where absent.
    """
    from overtone.job.searching.main import search_plan

    here = Path() if isinstance(plan, Plan) else Path(plan).parent
    checked = _named(plan, overrides, name) if isinstance(plan, Plan) else read_plan(plan, overrides, name)
    if trials is not None:
        settings = checked.search.model_copy(update={"trials": trials})
        checked = checked.model_copy(update={"search": settings})
    folder = runs / check_name(str(checked.name))
    return search_plan(checked, here, folder, fingerprints(checked, here), workers, storage, watch)


def cross_validate(
    plan: Plan | Path | str,
    folds: int = 5,
    nested: bool = False,
    overrides: Sequence[str] = (),
    name: str | None = None,
    watch: Watch = unwatched,
    runs: Path = RUNS,
) -> "Searched":
    """Judge every technique of a plan on every row by a model that did not see it; `nested` searches in each fold.

    The result lies in `runs/NAME/cross_validation`, `.html` and `.json`; the same call goes on where an
    interrupted one stopped. Rows of a named test file take no part.
    """
    from overtone.job.folding.main import cross_validate_plan

    here = Path() if isinstance(plan, Plan) else Path(plan).parent
    checked = _named(plan, overrides, name) if isinstance(plan, Plan) else read_plan(plan, overrides, name)
    folder = runs / check_name(str(checked.name))
    return cross_validate_plan(checked, here, folder, fingerprints(checked, here), folds, nested, watch)


def _named(plan: Plan, overrides: Sequence[str], name: str | None) -> Plan:
    """A plan that is an object already, with the name of its run."""
    if overrides:
        raise UserError("overrides change a plan's file; change a plan that is an object with its model_copy")
    return plan.model_copy(update={"name": next(one for one in (name, plan.name, "run") if one is not None)})


def demo(folder: Path, watch: Watch = unwatched, answer_rows: int | None = None) -> list[Result]:
    """Write the embedded support e-mails into `folder` and run the main job on them: sort, then answer.

    `answer_rows` e-mails are learned from for answering; a few hundred where nothing is given, which is quick.
    """
    from overtone.demo.write import write_demo

    write_demo(folder, answer_rows=answer_rows)
    return [run(folder / f"{plan}.yaml", watch=watch, runs=folder / "runs") for plan in ("sort", "answer")]


def predict(
    run: Path | str, file: Path | str, watch: Watch = unwatched, task: str | None = None
) -> list[dict[str, Any]]:
    """Answer each row of a file with a run's published model; its own columns come first, and stay as they are.

    Each result adds `prediction`, `probability` and `error`, all with a number behind where the file has one. `task`
    names one of several tasks that the model learned.
    """
    from overtone.job.predict import predict_file

    opened = open_run(run)
    return predict_file(_plan_of(opened.plan, task), Path(file), chat(opened.folder, task), watch)


def evaluate(
    run: Path | str, data: Path | str, watch: Watch = unwatched, task: str | None = None
) -> dict[str, Any]:
    """Score a run's published model on other rows; contents in the shape of `report.json`."""
    from overtone.job.judge import judge

    opened = open_run(run)
    return judge(opened, _plan_of(opened.plan, task), Path(data), chat(opened.folder, task), watch)


def chat(run: Path | str, task: str | None = None) -> System:
    """The published model of a run, to be asked (for one of its tasks); UserError where the run has none."""
    from overtone.job.publish import load_system

    return load_system(open_run(run).folder, task)


def serve(
    runs: Sequence[Path | str],
    host: str = "127.0.0.1",
    port: int = 8000,
    key: str | None = None,
    listening: Callable[[str], None] | None = None,
    filtered: bool | None = None,
) -> None:
    """Serve the published models of runs over HTTP, each by its run's name, until a signal.

    `listening` hears the base URL once clients may connect. `filtered` puts the output filter that `safety` measured
    on a run before what it writes, or leaves it out; where absent the run's plan decides (`safety.filter`).
    """
    from overtone.job.serving import models_of
    from overtone.serve.address import check_address
    from overtone.serve.server import build_app, run_server

    check_address(host, key is not None)
    systems, filters = models_of([open_run(one) for one in runs], filtered)
    run_server(build_app(systems, key=key, host=host, filters=filters), host, port, listening)


def compare(
    runs: Sequence[Path | str],
    fail_below: float | None = None,
    shown: bool = False,
    no_regression: bool = False,
    margin: float | None = None,
) -> "Found":
    """The verdicts of finished runs side by side, and each run against the first on the test rows they share.

    `failures` of the result holds a sentence for each run that scores below `fail_below` (with `shown`: whose
    interval does not lie wholly above it) or, with `no_regression`, is clearly worse than the first; with a `margin`,
    for each that is not shown to be at most so much worse.
    """
    from overtone.job.comparing.result import compare_runs

    return compare_runs([open_run(run) for run in runs], fail_below, shown, no_regression, margin)


def history(folder: Path | str = RUNS) -> "Found":
    """The finished runs of a folder that were judged on the same rows, in order of time."""
    from overtone.job.comparing.result import history_of

    return history_of([run for run in list_runs(Path(folder)) if run.finished])


def rate(first: Path | str, second: Path | str, file: Path | str, seed: int = 0) -> "Session":
    """A session of blind rating of two runs' answers; ratings are kept in the file."""
    from overtone.job.comparing.session import Session

    return Session(open_run(first), open_run(second), Path(file), seed)


def bases(plan: Path | str, candidates: Sequence[str], watch: Watch = unwatched) -> "Found":
    """A plan's base and other candidates on the plan's rows: what they are, cost, and reach without tuning."""
    from overtone.job.bases.main import try_bases

    return try_bases(read_plan(plan), Path(plan).parent, candidates, watch)


def safety(
    run: Path | str,
    folder: Path | str | None = None,
    toxicity: Path | str | None = None,
    rows: int | None = None,
    watch: Watch = unwatched,
) -> "Found":
    """Safety and bias of a run's published model against the best untuned system; told in the run's report too.

    `folder` is that of the run's plan, `toxicity` that of a classifier for written answers; `rows` are the most test
    rows that are asked on each axis.
    """
    from overtone.job.safety.report import measure_run

    return measure_run(open_run(run), folder, fingerprints, toxicity, rows, watch)


def show_data(
    file: Path | str,
    base: str | None = None,
    task: str | None = None,
    rows: int = 3,
    columns: Mapping[str, str] = NO_COLUMNS,
) -> dict[str, Any]:
    """What is recognised in a file or a plan's file: all rows accounted for, the first as a trainer sees them."""
    from overtone.job.show import show_file

    return show_file(Path(file), base, task, rows, columns)


def doctor() -> "list[Check]":
    """What of this machine and installation is well, absent or broken."""
    from overtone.runs.doctor import examine

    return examine()


def _plan_of(document: dict[str, Any], task: str | None = None) -> Plan:
    from overtone.job.mixture import plan_of_task
    from overtone.plan import check_plan

    plan = check_plan(document, "the run's plan.yaml")
    return plan if task is None else plan_of_task(plan, task)
