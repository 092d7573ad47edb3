"""The stages of a candidate with the rows that each learns from, and what the plan's own rows must not meet there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.leakage import found_in
from overtone.data.load import Data, load_data
from overtone.decide.rivals.fine_tune import FineTune
from overtone.job.system_prompt import with_system_prompt
from overtone.plan import Plan
from overtone.train.earlier import Earlier
from overtone.train.shared import TaskRows
from overtone.train.stage import Stage


@dataclass(frozen=True)
class Part:
    """One stage on its rows; `own` says that they are not the plan's. It is judged on `held`."""

    stage: Stage
    task: Task
    labels: tuple[str, ...]
    train: Sequence[Example]
    validation: Sequence[Example]
    held: Sequence[Example]
    own: bool = False


def parts_of(stages: Sequence[Stage], plan_rows: Part, seed: int) -> list[Part]:
    """Each stage with its own rows, or with those that the plan's own part holds."""
    return [_with_own_rows(replace(plan_rows, stage=stage), seed) for stage in stages]


def _with_own_rows(part: Part, seed: int) -> Part:
    data = own_data(part.stage, part.task, seed)
    if data is None:
        return part
    task = part.stage.task or part.task
    return Part(part.stage, task, data.labels, data.train, data.validation, data.test, own=True)


def own_data(stage: Stage, plan_task: Task, seed: int) -> Data | None:
    """A stage's own rows, as they are asked; None where it learns from the plan's."""
    if stage.data is None:
        return None
    task = stage.task or plan_task
    data = load_data(stage.data, task, seed, Path())

    def asked(rows: Sequence[Example]) -> tuple[Example, ...]:
        return tuple(with_system_prompt(row, task) for row in rows)

    return replace(data, train=asked(data.train), validation=asked(data.validation), test=asked(data.test))


def beside_of(part: Part, seed: int) -> tuple[Earlier, ...]:
    """The rows that a stage's curriculum reads from files of its own: of the stage's task and labels."""
    found = []
    for source in part.stage.curriculum.asked(part.task):
        if source.name:
            continue
        rows = load_data(source.data, part.task, seed, Path())
        unknown = sorted(set(rows.labels) - set(part.labels))
        if unknown:
            raise UserError(
                f"stages[0].curriculum.data: {source.data.train} has the label '{unknown[0]}', which the stage's rows "
                "lack: give such rows a stage of their own before it"
            )
        train = tuple(with_system_prompt(row, part.task) for row in rows.train)
        found.append(Earlier(part.task, part.labels, train))
    return tuple(found)


def tasks_of(part: Part, seed: int) -> tuple[TaskRows, ...]:
    """The further tasks of a stage's mixture; rows that any of its tasks learns from are not among its test rows."""
    named = [source for source in part.stage.curriculum.asked(part.task) if source.name]
    read = [load_data(source.data, source.task, seed, Path()) for source in named]
    seen = [*part.train, *part.validation, *(row for data in read for row in (*data.train, *data.validation))]
    found = []
    for source, data in zip(named, read, strict=True):
        leaked = data.leaked | found_in(data.test, seen)
        test = [row for row in data.test if row.id not in leaked]
        found.append(TaskRows(source.name, source.task, data.labels, data.train, data.validation, test))
    return tuple(found)


def stages_of(plan: Plan) -> list[Stage]:
    """Every stage of every candidate, each once."""
    found: list[Stage] = []
    for rival in plan.decide.rivals or ():
        if isinstance(rival, FineTune):
            found += [stage for stage in rival.stages or plan.stages if stage not in found]
    return found


def with_leaks_of_stages(data: Data, plan: Plan) -> Data:
    """The plan's rows, where test rows that any stage's own training rows repeat count as seen in training."""
    seen: list[Example] = []
    for stage in stages_of(plan):
        own = own_data(stage, plan.task, plan.seed)
        seen += [*own.train, *own.validation] if own else []
        for source in stage.curriculum.asked(stage.task or plan.task):
            seen += load_data(source.data, source.task, plan.seed, Path()).train
    leaked = found_in(data.test, seen) - data.leaked
    if not leaked:
        return data
    if len(data.leaked | leaked) == len({row.id for row in data.test}):
        raise UserError(
            "every test row also stands in the rows of a stage: give other test rows in data.test"
        )
    told = f"{len(leaked)} of {len(data.test)} test rows also stand in the rows of an earlier stage"
    return replace(data, leaked=data.leaked | leaked, warnings=(*data.warnings, told))
