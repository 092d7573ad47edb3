"""What a trial is judged by: metrics, of which more is better, and costs, of which less is."""

from collections.abc import Iterable, Mapping, Sequence

from overtone.core.errors import UserError, nearest
from overtone.core.task import Task
from overtone.evaluate.metric import Metric, deciding, metric_of
from overtone.search.settings import SearchSettings

COSTS = {
    "seconds_per_answer": "seconds an answer",
    "peak_memory_mb": "peak memory, MB",
    "training_seconds": "seconds of training",
    "trainable_parameters": "weights that learn",
}


def objectives_of(settings: SearchSettings, task: Task) -> tuple[str, ...]:
    """What is to be best, the first deciding; UserError for a name that is no metric of the task and no cost."""
    names = tuple(dict.fromkeys(settings.objectives or [task.deciding]))
    _refuse_unknown("objectives", names, task)
    _refuse_unknown("constraints", settings.constraints, task)
    return names


def directions(objectives: Sequence[str]) -> list[str]:
    """`maximize` for a metric, `minimize` for a cost."""
    return ["minimize" if name in COSTS else "maximize" for name in objectives]


def metric_called(task: Task, name: str) -> Metric:
    """The metric of this name: with the settings that the task gives it, or as it is by itself."""
    named = (deciding(task), *map(metric_of, task.metrics))
    return next((metric for metric in named if metric.key == name), None) or Metric.find(name)()


def title(name: str) -> str:
    """The name of a metric or a cost as a table's head; that of a labelled metric is its label."""
    metrics = Metric.all()
    return COSTS[name] if name in COSTS else metrics[name].title if name in metrics else name


def excess(constraints: Mapping[str, float], measures: Mapping[str, float]) -> dict[str, float]:
    """By how much each constraint is broken; 0 or less where it is kept. What was not measured keeps none."""
    return {
        name: _over(name, limit, measures[name]) if name in measures else float("inf")
        for name, limit in constraints.items()
    }


def _over(name: str, limit: float, value: float) -> float:
    return value - limit if name in COSTS else limit - value


def _refuse_unknown(setting: str, names: Iterable[str], task: Task) -> None:
    own = [metric.key for metric in (deciding(task), *map(metric_of, task.metrics))]
    fitting = [name for name, part in Metric.all().items() if task.asks in part.asks]
    known = [*dict.fromkeys((*own, *fitting)), *COSTS]
    for name in names:
        if name not in known:
            raise UserError(
                f"search.{setting}: '{name}' is no metric of the task '{task.name}' and no cost."
                f"{nearest(name, known)} Known: {', '.join(known)}."
            )
