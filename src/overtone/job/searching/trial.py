"""One trial: a plan with its values, trained on the training rows and judged on the validation rows, or in folds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from statistics import fmean
from typing import Any

from overtone.core.answer import Answer
from overtone.core.event import Event, Watch
from overtone.core.example import Example
from overtone.core.score import Score
from overtone.decide.measure import measure
from overtone.decide.measured import Measured
from overtone.decide.memory import PeakMemory
from overtone.decide.rivals.fine_tune import FineTune
from overtone.evaluate.scores import score
from overtone.job.searching.rows import Rows, make_materials
from overtone.job.searching.tuning import trial_tuner
from overtone.job.searching.turns import turns_of
from overtone.plan import Plan
from overtone.search.measures import COSTS, metric_called
from overtone.search.space import Values

VALIDATION = "validation "
PEAK = "peak_memory_mb"
TIE = 1e-6
Seen = Callable[[int, float], None]  # the number of a validation, and how good the model was at it


class Pruned(Exception):
    """Ends a trial early, from within its training."""


@dataclass(frozen=True)
class Judged:
    """Metrics and costs on the validation rows, and the score of the task's metric."""

    measures: Mapping[str, float]
    score: Score


def judge_trial(
    plan: Plan,
    rows: Rows,
    folder: Path,
    names: tuple[str, ...],
    seen: Seen,
    watch: Watch,
    folds: int | None = None,
) -> Judged:
    """Train in `folder`, going on with what stands there; `names` are the metrics beside the task's own.

    `plan` is resolved. `seen` hears of each validation, or of each fold but the last, and may end the trial by raising
    Pruned. The models of folds are not kept.
    """
    plan, memory = watching_only(plan), PeakMemory()
    turns = turns_of(rows, folder, folds, plan.seed)
    judged: list[Example] = []
    answers: list[Answer] = []
    costs: list[dict[str, float]] = []
    for number, turn in enumerate(turns, 1):
        told = partial(_tell, plan, seen, watch) if len(turns) == 1 else watch
        tuner = partial(trial_tuner, rows.labels)
        materials = make_materials(plan, turn.rows, turn.folder, told, tuner)
        measured, _ = measure(FineTune(), materials, materials.validation, alone=False)
        judged += materials.validation
        answers += measured.answers
        costs.append(costs_of(measured))
        if number < len(turns):
            seen(number, _score(plan.task.deciding, plan, judged, answers).value)
    wanted = dict.fromkeys((plan.task.deciding, *(name for name in names if name not in COSTS)))
    scores = {name: _score(name, plan, judged, answers) for name in wanted}
    if len(turns) > 1:
        rmtree(folder, ignore_errors=True)
    values = {name: one.value for name, one in scores.items()}
    means = {name: fmean(one[name] for one in costs) for name in costs[0]}
    return Judged(values | means | {PEAK: memory.megabytes()}, scores[plan.task.deciding])


def watching_only(plan: Plan) -> Plan:
    """The plan whose stages do not learn from validation rows: on these a trial is judged."""
    stages = [stage.model_copy(update={"refit": False}) for stage in plan.stages]
    return plan.model_copy(update={"stages": stages})


def _score(name: str, plan: Plan, judged: Sequence[Example], answers: Sequence[Answer]) -> Score:
    return score(metric_called(plan.task, name), judged, answers, plan.task, plan.seed)


def costs_of(measured: Measured) -> dict[str, float]:
    """Every cost that was measured in a turn, but for the memory, whose peak is one over all turns."""
    known = {"seconds_per_answer": measured.seconds_per_answer, **measured.facts}
    return {name: float(known[name]) for name in COSTS if name in known and name != PEAK}


def _tell(plan: Plan, seen: Seen, watch: Watch, event: Event) -> None:
    """Pass an event on; say of a validation which one it is, counted over the last stage, and how good."""
    watch(event)
    stage = plan.stages[-1]
    if ", stage " in event.phase:  # an earlier one: it has other rows, or another objective
        return
    means = {
        name.removeprefix(VALIDATION): value
        for name, value in event.numbers.items()
        if name.startswith(VALIDATION)
    }
    if means and stage.objective is not None and event.done < event.total:
        number = round(event.done / event.total * stage.epochs * stage.evaluations)
        seen(max(1, number), _one_number(stage.objective.quality(means)))


def _one_number(quality: Sequence[float]) -> float:
    """The first of the numbers; the next ones only break ties, of which few validation rows make many."""
    return sum(value * TIE**place for place, value in enumerate(quality))


def trial_folder(search: Path, number: int) -> Path:
    """Where a trial keeps what it trains."""
    return search / "trials" / f"{number:04d}"


def tried(values: Values) -> str:
    """The values of a trial in a few words."""
    return ", ".join(f"{key.removeprefix('stages.0.')} {_short(value)}" for key, value in values.items())


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
