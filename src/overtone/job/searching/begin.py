"""The beginning of a search: everything a user may have got wrong is refused, then its trials are laid out."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from overtone.core.errors import UserError
from overtone.data.load import load_data
from overtone.job.resolve import resolve
from overtone.job.searching.own_values import own_values
from overtone.job.searching.rows import rows_of
from overtone.job.searching.same import refuse_other, write_identity
from overtone.job.searching.turns import turns_of
from overtone.job.searching.usual_space import usual_space
from overtone.job.searching.values import check_space
from overtone.job.searching.work import Search
from overtone.models.describe import describe
from overtone.plan import Plan
from overtone.search.measures import COSTS
from overtone.search.queue import lay_out
from overtone.search.space import Space, Values, as_parameters, grid_size

USUAL_TRIALS, MOST_POINTS = 20, 10_000
EXTENDS = ("search.trials", "search.timeout_minutes")  # what may change while a search goes on


def begin(plan: Plan, plan_folder: Path, folder: Path, address: str, count: int) -> Search:
    """The search of a plan whose base has its lasting name; nothing is written."""
    data = load_data(plan.data, plan.task, plan.seed, plan_folder)
    return Search(plan, space_of(plan), rows_of(data), folder, address, count)


def space_of(plan: Plan) -> Space:
    """The plan's space, or the usual one."""
    if plan.search.space is None:
        return usual_space(resolve(plan, describe(plan.base)))
    return Space(plan.search.space)


def check_search(search: Search) -> None:
    """UserError where the space, the objectives, the pruner or the folds do not fit the plan and its rows."""
    check_space(search.plan, search.space)
    turns_of(search.rows, search.folder, search.plan.search.folds, search.plan.seed)
    if search.objectives[0] in COSTS and search.plan.search.pruner == "asha":
        raise UserError(
            f"search.pruner: asha goes by the quality at each validation, and the first objective is "
            f"'{search.objectives[0]}'; write none."
        )


def count_of(plan: Plan, space: Space) -> int:
    """How many trials a search has: as many as asked, or usual; of a grid at most all points."""
    if plan.search.sampler != "grid":
        return plan.search.trials or USUAL_TRIALS
    if grid_size(space) > MOST_POINTS:
        raise UserError(
            f"search.sampler: the grid has {grid_size(space):,} points; give fewer choices or points, or take the "
            "sampler tpe or random."
        )
    points = len(space.grid(plan.seed))
    return min(plan.search.trials or points, points)


def write_beginning(search: Search, inputs: Mapping[str, str]) -> None:
    """Lay out the trials; UserError where there is a search of another plan or other rows already."""
    plain = search.plan.model_dump(mode="json")
    refuse_other(search.folder, plain, inputs, EXTENDS)
    _refuse_other_study(search, inputs)
    write_identity(search.folder, plain, inputs)
    lay_out(search.study, search.count, [as_parameters(point) for point in _first_points(search)])


def _first_points(search: Search) -> list[Values]:
    """All points of a grid; else the plan as it is, so that no search ends with less than it began with."""
    if search.plan.search.sampler == "grid":
        return search.space.grid(search.plan.seed)
    own = own_values(search.plan, search.space)
    return [own] if own else []


def _refuse_other_study(search: Search, inputs: Mapping[str, str]) -> None:
    """A database may hold a search of this name that was begun elsewhere, with another plan."""
    plain = search.plan.model_dump(mode="json")
    plain["search"] = {**plain["search"], "trials": None, "timeout_minutes": None}
    plain["base"] = Path(search.plan.base).name
    digest = hashlib.sha256(json.dumps([plain, dict(inputs)], sort_keys=True).encode()).hexdigest()
    known = search.study.user_attrs.get("plan")
    if known not in (None, digest):
        raise UserError(
            f"the storage holds a search called '{search.plan.name}' of another plan or other rows; give this one "
            "another --name, or another --storage."
        )
    search.study.set_user_attr("plan", digest)
