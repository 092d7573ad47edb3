"""What a task names of its judging, checked as parts: the metrics and the extractor."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, model_validator

from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.evaluate.declared import declared, is_declared, with_lasting_paths
from overtone.evaluate.extractor import Extractor
from overtone.evaluate.metric import Metric


def _fitting(metric: Metric, info: ValidationInfo) -> Metric:
    """ValueError where the metric cannot judge the task that is checked."""
    task: Any = info.context
    refusal = metric.refusal(task)
    if refusal:
        raise ValueError(refusal)
    return metric


def _declared_metric(value: Any) -> Any:
    return declared(Metric, value)


def _declared_extractor(value: Any) -> Any:
    return declared(Extractor, value)


FittingMetric = Annotated[Metric, AfterValidator(_fitting), BeforeValidator(_declared_metric)]


class Judging(Settings):
    """The parts that judge a task. What stands in a file of the user's may be left out of a first check."""

    metric: FittingMetric | None = None
    metrics: tuple[FittingMetric, ...] = ()
    extract: Annotated[Extractor, BeforeValidator(_declared_extractor)] | None = None

    @model_validator(mode="after")
    def _told_apart(self) -> "Judging":
        """Refuse two metrics of one name, of which a report could show only one."""
        named = [metric for metric in (self.metric, *self.metrics) if metric is not None]
        keys = [metric.key for metric in named]
        for metric in named:
            if keys.count(metric.key) > 1:
                raise ValueError(
                    f"two metrics are called '{metric.key}'; give one of them a label of its own."
                )
        return self


class Judged(Settings):
    """Where the judging stands in a plan, so that what does not hold is told with its place."""

    task: Judging


def check_judging(task: Task) -> None:
    """pydantic's ValidationError where metrics or extractor of a task do not hold. Opens no file of the user's."""
    named = _named(task)
    known = {
        "metric": None if is_declared(Metric, named["metric"]) else named["metric"],
        "metrics": [one for one in named["metrics"] if not is_declared(Metric, one)],
        "extract": None if is_declared(Extractor, named["extract"]) else named["extract"],
    }
    Judged.model_validate({"task": known}, context=task)


def make_judging_ready(task: Task) -> None:
    """Load what the task names and refuse what would be missing later: a package, a file, a key.

    UserError or MissingExtra; pydantic's ValidationError where a part of the user's own does not hold.
    """
    judging = Judged.model_validate({"task": _named(task)}, context=task).task
    for metric in (judging.metric, *judging.metrics):
        if metric is not None:
            metric.make_ready()


def lasting_task(task: Task, folder: Path) -> Task:
    """The task with the files and bases that its metrics and extractor name found from a folder, for good."""
    named = _named(task)
    lasting: dict[str, Any] = {
        "metric": with_lasting_paths(named["metric"], folder),
        "metrics": [with_lasting_paths(one, folder) for one in named["metrics"]],
    }
    if named["extract"] is not None:
        lasting["extract"] = with_lasting_paths(named["extract"], folder)
    return task.model_copy(update=lasting)


def judging_files(task: Task) -> dict[str, str]:
    """The files that a task's metrics and extractor name, by the setting's place."""
    named = _named(task)
    places = {f"task.metrics.{place}": one for place, one in enumerate(named["metrics"])}
    places |= {"task.metric": named["metric"], "task.extract": named["extract"]}
    return {place: one["file"] for place, one in places.items() if isinstance(one, dict) and "file" in one}


def _named(task: Task) -> dict[str, Any]:
    return {"metric": task.metric, "metrics": task.metrics, "extract": getattr(task, "extract", None)}
