"""The output filter that safety measured, kept in its run, so that what was measured is what is served."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from overtone.core.answer import System
from overtone.core.errors import UserError
from overtone.evaluate.safety.filter_section import NAME
from overtone.evaluate.safety.output_filter import Filtered
from overtone.job.safety.toxicity import load_toxicity, save_toxicity
from overtone.plan import check_plan
from overtone.runs.read import read_json
from overtone.runs.run import Run
from overtone.runs.write import write_json

FOLDER, SETTINGS = "filter", "filter.json"


def keep_filter(run: Path, sieve: Filtered | None) -> None:
    """Put the filter that was measured last into a run's folder; None takes an earlier one out."""
    folder = run / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    if sieve is not None:
        save_toxicity(sieve.toxicity, folder)
        write_json(folder / SETTINGS, {"threshold": sieve.threshold, "refusal": sieve.refusal})


def is_filtered(run: Run, asked: bool | None) -> bool:
    """Whether a run is served behind its filter: as asked, else as its plan says.

    UserError where its task writes answers and no filter was measured on the model that it publishes.
    """
    wanted = bool((run.plan.get("safety") or {}).get("filter")) if asked is None else asked
    if wanted and not _measured(run) and check_plan(run.plan, "the run's plan.yaml").task.asks == "generate":
        raise _missing(run)
    return wanted


def filters(run: Run, systems: Mapping[str, System]) -> dict[str, Filtered]:
    """The run's filter before each of its systems that writes; UserError where one does and none was measured."""
    writing = {name: system for name, system in systems.items() if "generate" in system.can}
    if writing and not _measured(run):
        raise _missing(run)
    return {name: load_filter(run, system) for name, system in writing.items()}


def load_filter(run: Run, system: System) -> Filtered:
    """A system behind the filter that a run keeps: the classifier, threshold and refusal that were measured."""
    folder = run.folder / FOLDER
    settings = read_json(folder / SETTINGS)
    return Filtered(system, load_toxicity(folder), settings["threshold"], settings["refusal"])


def _measured(run: Run) -> bool:
    """Whether the run's report tells of the filter: a model that is published anew has yet to be measured."""
    told = any(section["name"] == NAME for section in run.report["sections"])
    return told and (run.folder / FOLDER / SETTINGS).is_file()


def _missing(run: Run) -> UserError:
    return UserError(
        f"{run.folder} has no output filter that was measured: run `overtone safety {run.folder} --toxicity FOLDER` "
        "first (FOLDER from `overtone safety train-toxicity`), or serve it with --no-filter."
    )
