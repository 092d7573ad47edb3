"""A whole search: from a checked plan to its best, proven on test rows, and the page that shows it."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import inf
from pathlib import Path
from typing import Any

from overtone.core.errors import RunFailed
from overtone.core.event import Event, Watch
from overtone.data.load import Data, load_data
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.judges.keeping import keeping
from overtone.evaluate.report.section import Section
from overtone.job.base_name import base_of
from overtone.job.found import Found
from overtone.job.resolve import refuse_missing_packages
from overtone.job.searching.begin import check_search, count_of, space_of, write_beginning
from overtone.job.searching.final import Final, prove_best
from overtone.job.searching.final_section import final_section
from overtone.job.searching.place import working_in
from overtone.job.searching.rows import rows_of
from overtone.job.searching.team import of_this_machine, work_together, worker_name
from overtone.job.searching.winning import write_winning
from overtone.job.searching.work import Search, work
from overtone.plan import Plan
from overtone.runs.write import write_json
from overtone.search.choice import choice_section, importance_section
from overtone.search.importance import Importance, importance
from overtone.search.outcome import Outcome, pareto
from overtone.search.queue import recover
from overtone.search.storage import address_of, refuse_missing
from overtone.search.trials import trials_section

SEARCH = "search"  # the folder of a search in that of the run


@dataclass(frozen=True)
class Searched:
    """What a search found: sections to read, plain values as in `search.json`, and the folder of the run."""

    found: Found
    contents: dict[str, Any]
    folder: Path


def search_plan(
    plan: Plan,
    plan_folder: Path,
    folder: Path,
    inputs: Mapping[str, str],
    workers: int,
    storage: str | None,
    watch: Watch,
) -> Searched:
    """Search the settings of a plan; the result lies in the run folder's `search`, `search.html`, `search.json`.

    Everything that a user may have got wrong is refused before the folder is made. The same command goes on with
    a search that was interrupted, and gives the result of a finished one again.
    """
    refuse_missing()
    refuse_missing_packages()
    plan = plan.model_copy(update={"base": base_of(plan.base, plan_folder)})
    data = load_data(plan.data, plan.task, plan.seed, plan_folder)
    watch(Event("read", message=data.guess))
    space, inner = space_of(plan), folder / SEARCH
    count = count_of(plan, space)
    search = Search(plan, space, rows_of(data), inner, storage or address_of(inner), count)
    check_search(search)
    with (
        working_in(inner),
        remembering(open_store(lambda message: watch(Event("remember", message=message)))),
        keeping(inner),
    ):
        write_beginning(search, inputs)
        recover(search.study, of_this_machine)
        _work(search, plan_folder, workers, watch)
        return _conclude(search, data, plan_folder, folder, watch)


def _work(search: Search, plan_folder: Path, workers: int, watch: Watch) -> None:
    """One worker is this process itself."""
    minutes = search.plan.search.timeout_minutes
    if workers > 1:
        work_together(search, plan_folder, workers, minutes, watch)
        return
    deadline = inf if minutes is None else time.monotonic() + 60 * minutes
    work(search, worker_name(os.getpid()), deadline, time.monotonic, watch)


def _conclude(search: Search, data: Data, plan_folder: Path, folder: Path, watch: Watch) -> Searched:
    """Prove the best and write everything down."""
    best = search.winner
    if best is None:
        raise RunFailed(_without_winner(search))
    final = prove_best(search, best, data, watch)
    found = importance(search.outcomes, search.objectives[0], search.space.dimensions, search.plan.seed)
    write_winning(search.plan, best.values, plan_folder, search.folder / "best.yaml")
    sections = _sections(search, best, final, found)
    contents = _contents(search, best, final, found)
    write_json(folder / "search.json", contents)
    shown = Found(f"Search of {search.plan.name}", sections)
    shown.write_page(folder / "search.html")
    return Searched(shown, contents, folder)


def _without_winner(search: Search) -> str:
    """Why a search has no best trial."""
    outcomes = search.outcomes
    if any(one.state == "finished" for one in outcomes):
        limits = ", ".join(f"{name}: {limit:g}" for name, limit in search.plan.search.constraints.items())
        return f"no finished trial keeps the constraints ({limits}); loosen them under another --name."
    failed = [one for one in outcomes if one.state == "failed"]
    if failed:
        return f"no trial of the search was finished; trial {failed[0].number} failed: {failed[0].reason}"
    return (
        "no trial of the search was finished in time; give the same command again with more timeout_minutes."
    )


def _sections(search: Search, best: Outcome, final: Final, found: Importance | None) -> tuple[Section, ...]:
    settings, dimensions = search.plan.search, search.space.dimensions
    outcomes, names = search.outcomes, search.objectives
    shown = (search.plan.task.deciding, *names)
    sections = (
        final_section(search, best, final),
        choice_section(outcomes, names, settings.constraints, dimensions),
        trials_section(outcomes, tuple(dict.fromkeys((*names, *shown))), dimensions, best.number),
        importance_section(found, names[0]),
    )
    return tuple(section for section in sections if section is not None)


def _contents(search: Search, best: Outcome, final: Final, found: Importance | None) -> dict[str, Any]:
    """Plain values of all that was found."""
    settings = search.plan.search
    choice = pareto(search.outcomes, search.objectives, settings.constraints)
    return {
        "name": search.plan.name,
        "objectives": list(search.objectives),
        "constraints": settings.constraints,
        "sampler": settings.sampler,
        "pruner": "asha" if search.prunes else "none",
        "space": {key: one.model_dump(mode="json") for key, one in search.space.dimensions.items()},
        "best": {"trial": best.number, "values": dict(best.values), "plan": "search/best.yaml"},
        "pareto": [one.number for one in choice],
        "importance": asdict(found) if found else None,
        "final": {**asdict(final), "optimism": asdict(final.optimism)},
        "trials": [asdict(one) for one in search.outcomes],
    }
