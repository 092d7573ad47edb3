"""A plan whose judging is ready: the user's own files are loaded, and no package or key is missing."""

from pathlib import Path

from pydantic import ValidationError

from overtone.data.settings import lasting_files
from overtone.decide.rival import Rival
from overtone.decide.rivals.fine_tune import FineTune
from overtone.evaluate.declared import with_lasting_paths
from overtone.evaluate.judging import lasting_task, make_judging_ready
from overtone.methods.method import Method
from overtone.objectives.distillation import Distillation
from overtone.objectives.policy import Policy
from overtone.plan.plan import Plan
from overtone.plan.problem import plan_error
from overtone.train.stage import Stage


def ready_plan(plan: Plan, folder: Path, source: str = "the plan") -> Plan:
    """The plan with the files of its task as absolute paths, found from a folder.

    UserError or MissingExtra where a metric or an extractor could not work later.
    """
    task = lasting_task(plan.task, folder)
    try:
        make_judging_ready(task)
    except ValidationError as error:
        raise plan_error(error, source) from None
    stages = [_lasting_stage(stage, folder) for stage in plan.stages]
    rivals = plan.decide.rivals and [_lasting_rival(rival, folder) for rival in plan.decide.rivals]
    decide = plan.decide.model_copy(update={"rivals": rivals})
    return plan.model_copy(update={"task": task, "stages": stages, "decide": decide})


def _lasting_rival(rival: Rival, folder: Path) -> Rival:
    if not isinstance(rival, FineTune) or rival.stages is None:
        return rival
    return rival.model_copy(update={"stages": [_lasting_stage(stage, folder) for stage in rival.stages]})


def _lasting_stage(stage: Stage, folder: Path) -> Stage:
    """The stage with all files that it names (rows, teacher, rewards) found from a folder, for good."""
    stage = _lasting_rows(stage, folder).model_copy(update={"method": _lasting_method(stage.method, folder)})
    if isinstance(stage.objective, Distillation):
        taught = {"teacher": _lasting_folder(stage.objective.teacher, folder)}
        return stage.model_copy(update={"objective": stage.objective.model_copy(update=taught)})
    if not isinstance(stage.objective, Policy):
        return stage
    source = stage.objective.reward
    paths = {name: getattr(source, name) for name in ("model", "file")}
    found: dict[str, object] = {
        name: str((folder / path).absolute()) for name, path in paths.items() if path is not None
    }
    if source.metric is not None:
        found["metric"] = with_lasting_paths(source.metric, folder)
    objective = stage.objective.model_copy(update={"reward": source.model_copy(update=found)})
    return stage.model_copy(update={"objective": objective})


def _lasting_rows(stage: Stage, folder: Path) -> Stage:
    """The stage with the files of all rows of its own found from a folder."""
    own = stage.data and lasting_files(stage.data, folder)
    curriculum = stage.curriculum.with_sources(
        [lasting_files(one, folder) for one in stage.curriculum.sources]
    )
    return stage.model_copy(update={"data": own, "curriculum": curriculum})


def _lasting_method(method: Method, folder: Path) -> Method:
    """The method with all folders that it names found from a folder, for good."""
    found: dict[str, object] = {}
    for name in method.places:
        value = getattr(method, name)
        if isinstance(value, str):
            found[name] = _lasting_folder(value, folder)
        elif value:
            found[name] = [_lasting_folder(one, folder) for one in value]
    return method.model_copy(update=found) if found else method


def _lasting_folder(name: str, folder: Path) -> str:
    """A folder by its full path, looked for from the plan's folder and then from the present one; else the name."""
    given = Path(name).expanduser()
    found = next((place for place in (folder / given, given) if place.is_dir()), None)
    return str(found.resolve()) if found else name
