"""A whole cross-validation: from a checked plan to every system's score on rows that its model did not see."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from overtone.core.errors import UserError
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.data.load import Data, load_data
from overtone.decide.extract_rows import likeness
from overtone.decide.garbage import libraries_left_out
from overtone.engine.remember import open_store, remembering
from overtone.evaluate.metric import Metric
from overtone.job.base_name import base_of
from overtone.job.folding.fold import Folding, measure_fold
from overtone.job.folding.judged import Judged, judge_folds
from overtone.job.folding.section import folds_section
from overtone.job.found import Found
from overtone.job.resolve import refuse_missing_packages, resolve
from overtone.job.searching.main import Searched
from overtone.job.searching.place import working_in
from overtone.job.searching.same import refuse_other, write_identity
from overtone.models.describe import describe
from overtone.plan import Plan
from overtone.runs.write import write_json
from overtone.search.folds import folds
from overtone.search.storage import refuse_missing

FOLDER = "cross_validation"  # in that of the run


def cross_validate_plan(
    plan: Plan,
    plan_folder: Path,
    folder: Path,
    inputs: Mapping[str, str],
    count: int,
    nested: bool,
    watch: Watch,
) -> Searched:
    """Judge every rival of a plan by `count` folds; `nested` also searches inside each fold.

    The folds are of all rows but those of a named test file. The result lies in the run folder's
    `cross_validation`, `.html` and `.json`; the same command goes on where an interrupted one stopped.
    """
    refuse_missing_packages()
    if nested:
        refuse_missing()
    plan = plan.model_copy(update={"base": base_of(plan.base, plan_folder)})
    data = load_data(plan.data, plan.task, plan.seed, plan_folder)
    resolved = resolve(plan, describe(plan.base), likeness(data.train).summaries)
    watch(Event("read", message=data.guess))
    rows, share = pool(data, plan), plan.data.validation_share
    parts = list(folds(rows, count, share, plan.seed, by_label=bool(data.labels)))
    inner = folder / FOLDER
    plain = {**plan.model_dump(mode="json"), "folds": count, "nested": nested}
    with (
        working_in(inner),
        remembering(open_store(lambda message: watch(Event("remember", message=message)))),
        libraries_left_out(),
    ):
        refuse_other(inner, plain, inputs)
        write_identity(inner, plain, inputs)
        folding = Folding(plan, resolved, data, inner, nested, watch)
        measured = [measure_fold(folding, number, fold) for number, fold in enumerate(parts)]
    metrics, systems = judge_folds(plan.task, [fold.test for fold in parts], measured, plan.seed)
    return _written(plan, folder, metrics, systems, count, len(data.test) if plan.data.test else 0)


def pool(data: Data, plan: Plan) -> Sequence[Example]:
    """All rows but those of a test file that the plan names.

    UserError where folds would learn from languages that are only to be judged.
    """
    if plan.data.languages and not plan.data.test:
        raise UserError(
            "data.languages: folds would learn from every language that is judged. Name a file in data.test, or leave "
            "data.languages out."
        )
    return (*data.train, *data.validation, *(() if plan.data.test else data.test))


def _written(
    plan: Plan, folder: Path, metrics: Sequence[Metric], systems: Sequence[Judged], count: int, held_back: int
) -> Searched:
    contents: dict[str, Any] = {
        "name": plan.name,
        "folds": count,
        "metric": metrics[0].key,
        "systems": [{**asdict(one), "mean": one.mean, "deviation": one.deviation} for one in systems],
    }
    write_json(folder / "cross_validation.json", contents)
    section = folds_section(metrics, systems, count, held_back)
    found = Found(f"Cross-validation of {plan.name}", (section,))
    found.write_page(folder / "cross_validation.html")
    return Searched(found, contents, folder)
