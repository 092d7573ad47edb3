"""The main job: from a checked plan and its data to a proven, published model and its report."""

import gc
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from overtone.core.errors import RunFailed
from overtone.core.event import Event, Watch
from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.load import Data, load_data
from overtone.decide.measure import measure_all
from overtone.decide.measured import Measured
from overtone.decide.rival import Materials
from overtone.decide.rivals.fine_tune import FineTune
from overtone.engine.remember import current_store, open_store, remembering
from overtone.evaluate.report.card import card
from overtone.evaluate.report.contents import to_plain
from overtone.evaluate.report.page import page
from overtone.job.contents import make_contents
from overtone.job.parity import check_parity
from overtone.job.prove import Proof, prove
from overtone.job.publish import publish, withdraw
from overtone.job.resolve import refuse_missing_packages, resolve
from overtone.job.store import FolderStore
from overtone.job.tuner import Tuner
from overtone.models.base import load_base
from overtone.models.describe import describe
from overtone.models.locate import lasting_name
from overtone.parity.compare import Place
from overtone.plan import Plan
from overtone.runs.run import Run
from overtone.runs.start import start_run
from overtone.runs.write import write_text

CANDIDATES = "candidates"


def run_plan(
    plan: Plan, plan_folder: Path, folder: Path, inputs: Mapping[str, str], watch: Watch
) -> dict[str, Any]:
    """Carry out a plan in a run folder; the contents of its `report.json`.

    Everything that a user may have got wrong is refused before the folder is made. A finished run of the
    same plan gives its report again; an unfinished one goes on.
    """
    refuse_missing_packages()
    plan = plan.model_copy(update={"base": lasting_name(plan.base, plan_folder)})
    plan = resolve(plan, describe(plan.base))
    data = read_data(plan, plan_folder)
    watch(Event("read", message=data.guess))
    run = start_run(folder, plan.model_dump(mode="json"), inputs)
    if run.finished:
        watch(Event("read", message=f"{folder} is finished already; this is its result"))
        return run.report
    with run:

        def tell(event: Event) -> None:
            run.record(event)
            watch(event)

        with remembering(open_store(lambda message: tell(Event("remember", message=message)))):
            return _carry_out(plan, data, run, tell)


def read_data(plan: Plan, plan_folder: Path) -> Data:
    """The plan's rows, each conversation with the task's system prompt where it brings none."""
    data = load_data(plan.data, plan.task, plan.seed, plan_folder)
    return replace(
        data,
        train=tuple(with_system_prompt(row, plan.task) for row in data.train),
        validation=tuple(with_system_prompt(row, plan.task) for row in data.validation),
        test=tuple(with_system_prompt(row, plan.task) for row in data.test),
    )


def with_system_prompt(row: Example, task: Task) -> Example:
    """The row as it is asked: every rival and the trained model see the same system prompt."""
    prompt = getattr(task, "system_prompt", None)
    if not prompt or not row.messages or any(turn.role == "system" for turn in row.messages):
        return row
    return replace(row, messages=(Message("system", prompt), *row.messages))


def _carry_out(plan: Plan, data: Data, run: Run, watch: Watch) -> dict[str, Any]:
    tuner = Tuner(plan.base, plan.task, data.labels, plan.seed, run.checkpoints)
    if run.fresh:
        _rehearse(plan, data, tuner)
    measured = _measure(plan, data, run, tuner, watch)
    gc.collect()
    proof = prove(plan.task, data.test, data.leaked, measured, plan.seed)
    places = _publish(plan, data, run, measured, proof, watch)
    _tell_remembered(watch)
    contents = make_contents(plan, run, data, measured, proof, places)
    write_text(run.folder / "report.html", page(contents))
    write_text(run.folder / "card.md", card(contents))
    _refuse_broken(places, run.folder / "report.html")
    plain = to_plain(contents)
    run.finish(plain)
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


def _rehearse(plan: Plan, data: Data, tuner: Tuner) -> None:
    """Refuse what cannot be trained before the rivals are measured, so that nothing is left half-done."""
    tuned = [rival for rival in plan.decide.rivals or [] if isinstance(rival, FineTune)]
    stages = [(rival.stages or plan.stages)[0] for rival in tuned]
    for place, stage in enumerate(stages):
        if stage not in stages[:place]:
            tuner.rehearse(stage, data.train, data.validation)
    gc.collect()


def _measure(plan: Plan, data: Data, run: Run, tuner: Tuner, watch: Watch) -> list[Measured]:
    """Every rival on the frozen test rows; finished ones are loaded."""
    materials = Materials(
        task=plan.task,
        train=data.train,
        validation=data.validation,
        labels=data.labels,
        documents=data.documents,
        base=cache(lambda: load_base(plan.base)),
        tune=tuner,
        stages=plan.stages,
        folder=run.folder / CANDIDATES,
        seed=plan.seed,
        watch=watch,
    )
    rivals = plan.decide.rivals or []

    def told(measured: Measured, _: object) -> None:
        score = _first_score(plan, data, measured)
        watch(
            Event(f"{measured.key}", message=f"{plan.task.metric} {score:.1%} on {len(data.test)} test rows")
        )

    return measure_all(rivals, materials, data.test, FolderStore(run.folder), told)


def _first_score(plan: Plan, data: Data, measured: Measured) -> float:
    """The deciding metric at once, without its interval, so that a person sees results while the run goes on."""
    from overtone.evaluate.metric import Metric

    metric = Metric.find(plan.task.metric)()
    judged = [pair for pair in zip(data.test, measured.answers) if metric.judges(pair[0])]
    return metric.value([row for row, _ in judged], [answer for _, answer in judged], plan.task)


def _publish(
    plan: Plan, data: Data, run: Run, measured: list[Measured], proof: Proof, watch: Watch
) -> list[Place]:
    """Publish the best tuned candidate after its parity is checked; nothing where none was tuned."""
    name = plan.task.metric
    tuned = sorted((one for one in measured if one.tuned), key=lambda one: -proof.scores[one.key][name].value)
    withdraw(run.folder)
    if not tuned:
        return []
    watch(Event("parity", message="comparing the trained model with its copies on disk and over HTTP"))
    candidate = run.folder / CANDIDATES / tuned[0].key
    places = check_parity(candidate, run.name)
    if all(place.ok for place in places):
        rival = next(rival for rival in plan.decide.rivals or [] if rival.key == tuned[0].key)
        publish(candidate, run.folder, data.documents, rival.documents if isinstance(rival, FineTune) else 0)
    return places
