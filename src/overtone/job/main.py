"""The main job: from a checked plan and its data to a proven, published model and its report."""

import gc
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path
from typing import Any

from overtone.core.errors import RunFailed, UserError, nearest
from overtone.core.event import Event, Watch
from overtone.core.task import Task
from overtone.core.tasks.embed import EmbedTask
from overtone.data.load import Data, load_data
from overtone.data.stored import to_lines
from overtone.decide.extract_rows import likeness
from overtone.decide.garbage import libraries_left_out
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.engine.remember import current_store, open_store, remembering
from overtone.evaluate.judges.keeping import keeping
from overtone.evaluate.report.card import card
from overtone.evaluate.report.contents import to_plain
from overtone.evaluate.report.page import page
from overtone.job.base_name import base_of
from overtone.job.candidate import artifact_folder
from overtone.job.comparing.standing import ROWS
from overtone.job.contents import make_contents
from overtone.job.deciding.decision import Decision, decide
from overtone.job.deciding.estimate import Estimate, estimate
from overtone.job.deciding.work import Work
from overtone.job.merge_gap import gap_sections, keep_gap
from overtone.job.parity import check_parity
from overtone.job.pieces import with_pieces
from overtone.job.publish import publish, withdraw
from overtone.job.resolve import refuse_missing_packages, resolve
from overtone.job.stages import with_leaks_of_stages
from overtone.job.system_prompt import with_system_prompt
from overtone.models.describe import describe
from overtone.parity.compare import Place
from overtone.plan import Plan
from overtone.runs.run import Run
from overtone.runs.start import start_run
from overtone.runs.state import Status
from overtone.runs.write import write_text
from overtone.train.stage import Stage


def run_plan(
    plan: Plan, plan_folder: Path, folder: Path, inputs: Mapping[str, str], watch: Watch
) -> dict[str, Any]:
    """Decide, then publish the best tuned candidate; the contents of the run's `report.json`."""
    return _in_run(plan, plan_folder, folder, inputs, watch, _publish)


def decide_plan(
    plan: Plan, plan_folder: Path, folder: Path, inputs: Mapping[str, str], watch: Watch
) -> dict[str, Any]:
    """Decide and report, and publish nothing; `run_plan` on the same folder goes on from there."""
    return _in_run(plan, plan_folder, folder, inputs, watch, None)


Publish = Callable[[Work, Decision], list[Place]]
TOLD_AFTERWARDS = (  # keys of a plan that no rival's training or answers depend on
    "decide.machine_cost_per_hour",
    "decide.tuning_cost",
    "decide.horizon_months",
    "decide.learning_curve",
    "decide.consistency",
    "safety",
    "search",
    "task.bar",
    "task.metrics",
    "task.wrong_answer_cost",
    "task.answers_per_month",
)


def _in_run(
    plan: Plan,
    plan_folder: Path,
    folder: Path,
    inputs: Mapping[str, str],
    watch: Watch,
    publishing: Publish | None,
) -> dict[str, Any]:
    """Carry out a plan in a run folder; the contents of its `report.json`.

    Everything that a user may have got wrong is refused before the folder is made. A finished run of the
    same plan gives its report again, one that is decided too where nothing is to be published; any other goes on.
    Other prices, bars or repetitions do so too: nothing that is measured already is measured again.
    """
    plan, data = prepare(plan, plan_folder, watch)
    enough: tuple[Status, ...] = ("finished",) if publishing else ("decided", "finished")
    run = start_run(folder, plan.model_dump(mode="json"), inputs, enough, TOLD_AFTERWARDS)
    if run.status in enough:
        watch(Event("read", message=f"{folder} is {run.status} already; this is its result"))
        return run.report
    with run:

        def tell(event: Event) -> None:
            run.record(event)
            watch(event)

        store = open_store(lambda message: tell(Event("remember", message=message)))
        with remembering(store), keeping(folder):
            published = artifact_folder(folder) is not None
            return _carry_out(Work(plan, data, run, tell), _publish if published else publishing)


def prepare(plan: Plan, plan_folder: Path, watch: Watch) -> tuple[Plan, Data]:
    """The plan with every default written out, and its rows; UserError where something does not fit."""
    refuse_missing_packages()
    plan = plan.model_copy(update={"base": base_of(plan.base, plan_folder)})
    data = read_data(plan, plan_folder)
    plan = resolve(plan, describe(plan.base), likeness(data.train).summaries)
    _refuse_unknown_scope(plan.task, data.labels)
    watch(Event("read", message=data.guess))
    return plan, with_leaks_of_stages(data, plan)


def _refuse_unknown_scope(task: Task, labels: Sequence[str]) -> None:
    """UserError where the label that stands for what is out of scope is on no row."""
    outside = getattr(task, "out_of_scope", None)
    if outside is not None and outside not in labels:
        raise UserError(f"task.out_of_scope: no row carries the label '{outside}'.{nearest(outside, labels)}")


def estimate_plan(plan: Plan, plan_folder: Path, watch: Watch) -> Estimate:
    """What a run of the plan would take; its folder is not made."""
    plan, data = prepare(plan, plan_folder, watch)
    with tempfile.TemporaryDirectory() as place, libraries_left_out():
        return estimate(Work(plan, data, Run(Path(place)), watch))


def read_data(plan: Plan, plan_folder: Path) -> Data:
    """The plan's rows, each conversation with the task's system prompt where it brings none."""
    data = with_pieces(load_data(plan.data, plan.task, plan.seed, plan_folder), plan.task)
    return replace(
        data,
        train=tuple(with_system_prompt(row, plan.task) for row in data.train),
        validation=tuple(with_system_prompt(row, plan.task) for row in data.validation),
        test=tuple(with_system_prompt(row, plan.task) for row in data.test),
    )


def _carry_out(work: Work, publishing: Publish | None) -> dict[str, Any]:
    run = work.run
    if run.fresh:
        _rehearse(work)
    with libraries_left_out():
        decision = decide(work)
    write_text(run.folder / ROWS, to_lines(decision.proof.clean))
    places = publishing(work, decision) if publishing else []
    _tell_remembered(work.watch)
    contents = make_contents(work.plan, run, work.data, decision.measured, decision.proof, places)
    contents = replace(contents, sections=(*decision.sections, *contents.sections, *gap_sections(run.folder)))
    write_text(run.folder / "report.html", page(contents))
    write_text(run.folder / "card.md", card(contents))
    _refuse_broken(places, run.folder / "report.html")
    plain = to_plain(contents)
    run.finish(plain, "finished" if publishing else "decided")
    return plain


def _tell_remembered(watch: Watch) -> None:
    """Say what was read instead of computed."""
    store = current_store()
    if store is not None and store.account.hits + store.account.misses:
        numbers = {f"remember {name}": float(number) for name, number in asdict(store.account).items()}
        watch(Event("remember", numbers=numbers, message=store.account.told()))


def _refuse_broken(places: list[Place], report: Path) -> None:
    """RunFailed where a place does not answer as the trained model does."""
    broken = [place for place in places if not place.ok]
    if broken:
        told = ", ".join(f"{place.name} {_difference(place)}" for place in broken)
        raise RunFailed(
            f"the tuned model does not answer the same everywhere ({told}); do not use it. The report in "
            f"{report} shows each place."
        )


def _difference(place: Place) -> str:
    return f"differs by {place.difference:.3g}" if isfinite(place.difference) else "gives no such numbers"


def _rehearse(work: Work) -> None:
    """Refuse what cannot be asked or trained before the rivals are measured, so that nothing is left half-done."""
    for rival in work.rivals:
        rival.check()
    done: list[Sequence[Stage]] = []
    for rival in work.rivals:
        if isinstance(rival, FineTune) and (rival.stages or work.plan.stages) not in done:
            done.append(rival.stages or work.plan.stages)
            work.tuner.rehearse(done[-1], work.data.train, work.data.validation)
    gc.collect()


def _publish(work: Work, decision: Decision) -> list[Place]:
    """Publish the best tuned candidate after its parity is checked; nothing where none was tuned."""
    name, scores, folder = decision.proof.metrics[0].key, decision.proof.scores, work.run.folder
    tuned = sorted(
        (one for one in decision.measured if one.tuned), key=lambda one: -scores[one.key][name].value
    )
    withdraw(folder)
    if not tuned:
        return []
    work.watch(Event("parity", message="comparing the trained model with its copies on disk and over HTTP"))
    candidate = work.candidates / tuned[0].key
    places = check_parity(candidate, work.run.name)
    if all(place.ok for place in places):
        rival = next(rival for rival in work.rivals if rival.key == tuned[0].key)
        count, searching = _reading(rival, work.plan.task)
        publish(candidate, folder, work.data.documents, count, searching)
        keep_gap(candidate, folder, work.plan.seed)
    return places


def _reading(rival: Rival, task: Task) -> tuple[int, dict[str, object]]:
    """How many documents a tuned candidate reads with each question or finds, and how they are searched."""
    if isinstance(task, EmbedTask):
        return task.found, {}
    return (rival.documents, rival.searching()) if isinstance(rival, FineTune) else (0, {})
