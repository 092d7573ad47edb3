"""Find the rows of a finished run, measure its safety, and put the sections into its report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.judges.keeping import keeping
from overtone.evaluate.report.contents import from_plain, to_plain
from overtone.evaluate.report.page import page
from overtone.evaluate.safety.settings import SafetySettings
from overtone.job.deciding.work import Work
from overtone.job.found import Found
from overtone.job.main import read_data
from overtone.job.safety.kept_filter import keep_filter
from overtone.job.safety.measure import Measures, measure_safety, refuse
from overtone.job.safety.toxicity import load_toxicity
from overtone.plan import Plan, check_plan
from overtone.runs.lock import Lock
from overtone.runs.open import open_run
from overtone.runs.run import Run
from overtone.runs.write import write_json, write_text

Job = Callable[[Plan, Path, Path, Mapping[str, str], Watch], dict[str, Any]]
Fingerprints = Callable[[Plan, Path], Mapping[str, str]]  # of the data files of a plan in a folder
PREFIX = "safety_"  # of the names of these sections


def measure_run(
    run: Run,
    folder: Path | str | None,
    fingerprints: Fingerprints,
    toxicity: Path | str | None,
    rows: int | None,
    watch: Watch,
) -> Found:
    """Measure a finished run by its plan's settings, or the defaults, with what is asked here beside."""
    plan = check_plan(run.plan, "the run's plan.yaml")
    given = {"toxicity": None if toxicity is None else str(toxicity), "rows": rows}
    asked = {name: value for name, value in given.items() if value is not None}
    settings = SafetySettings.model_validate({**(plan.safety or SafetySettings()).model_dump(), **asked})
    return safety_of(run, plan, home(run, plan, folder, fingerprints), settings, watch)


def home(run: Run, plan: Plan, folder: Path | str | None, fingerprints: Fingerprints) -> Path:
    """The folder that a run's data files are relative to, known by their contents; UserError where it is none.

    Where `folder` does not name it, it is the present one or the one above the folder of runs.
    """
    places = [Path(), run.folder.resolve().parent.parent] if folder is None else [Path(folder)]
    wanted = dict(run.state.inputs)
    found = next((place for place in places if dict(fingerprints(plan, place)) == wanted), None)
    if found is None:
        looked = ", ".join(str(place.resolve()) for place in places)
        raise UserError(
            f"the rows that {run.folder} was made from are not in {looked}, or have changed: give the folder of its "
            "plan with --folder."
        )
    return found


def safety_of(run: Run, plan: Plan, folder: Path, settings: SafetySettings, watch: Watch) -> Found:
    """Measure, and put the sections into the run's report in place of earlier ones.

    `folder` is that of the plan; the classifier's folder is looked for there and in the present folder.
    """
    toxicity = load_toxicity(_placed(settings.toxicity, folder)) if settings.toxicity else None
    work = Work(plan, read_data(plan, folder), run, watch)
    store = open_store(lambda message: watch(Event("remember", message=message)))
    with remembering(store), keeping(run.folder):
        measures = measure_safety(work, settings, toxicity)
    keep(run, measures)
    return Found(f"Safety of {run.name}", measures.sections)


def with_safety(job: Job) -> Job:
    """The job that also measures what the plan asks about safety and tells it in the report of the run."""

    def carry_out(
        plan: Plan, here: Path, folder: Path, inputs: Mapping[str, str], watch: Watch
    ) -> dict[str, Any]:
        if plan.safety is not None:
            _refuse_slips(plan, plan.safety, here)
        report = job(plan, here, folder, inputs, watch)
        return report if plan.safety is None else _told(open_run(folder), report, here, watch)

    return carry_out


def _refuse_slips(plan: Plan, settings: SafetySettings, here: Path) -> None:
    """UserError, before anything is trained, for what would be refused when it is measured or served."""
    refuse(plan.task)
    if settings.toxicity:
        load_toxicity(_placed(settings.toxicity, here))
    if settings.filter and plan.task.asks != "generate":
        raise UserError(
            f"safety.filter: '{plan.task.name}' writes no answers that a filter could hold back; leave it out."
        )


def _told(run: Run, report: dict[str, Any], here: Path, watch: Watch) -> dict[str, Any]:
    """The report with the sections; what is told already is not measured again."""
    resolved = check_plan(run.plan, "the run's plan.yaml")
    if any(section["name"].startswith(PREFIX) for section in report["sections"]):
        return report
    if not any(one["kind"] == "tuned" for one in report["systems"]):
        watch(Event("safety", message="no candidate was tuned, so there is no model to measure"))
        return report
    safety_of(run, resolved, here, resolved.safety or SafetySettings(), watch)
    return run.report


def keep(run: Run, measures: Measures) -> None:
    """The run's report with these sections last and the filter beside it, those of an earlier time taken out."""
    lock = Lock(run.folder / "lock")
    lock.take()
    try:
        contents = from_plain(run.report)
        kept = [section for section in contents.sections if not section.name.startswith(PREFIX)]
        told = replace(contents, sections=(*kept, *measures.sections))
        keep_filter(run.folder, measures.sieve)
        write_text(run.folder / "report.html", page(told))
        write_json(run.folder / "report.json", to_plain(told))
    finally:
        lock.release()


def _placed(name: str, folder: Path) -> Path:
    beside = folder / name
    return beside if beside.is_dir() else Path(name)
