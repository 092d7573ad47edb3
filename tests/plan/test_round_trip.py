"""Every part comes back from a saved plan with the settings it went in with."""

import types
import typing

import pytest
import yaml
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum
from overtone.decide.rival import Rival
from overtone.evaluate.metric import Metric
from overtone.methods.method import Method
from overtone.objectives.objective import Objective
from overtone.plan import check_plan, write_plan

FAMILIES = (Task, Method, Objective, Curriculum, Rival, Metric)
PARTS = [part for family in FAMILIES for part in family.all().values()]


def family_of(part):
    """The family's own class, under whose name a plan holds the part."""
    return next(family for family in FAMILIES if issubclass(part, family))


def changed(part):
    """A part in which every setting that can be is other than its default."""
    settings = {}
    for name, field in part.model_fields.items():
        for value in candidates(field):
            try:
                part.model_validate({**settings, name: value})
            except ValidationError:
                continue
            settings[name] = value
            break
    return part.model_validate(settings)


def candidates(field):
    choices = typing.get_args(field.annotation)
    literals = [value for value in choices if not isinstance(value, type | types.GenericAlias)]
    tried = [*literals, 3, 7, 0.3, 0.7, True, False, "other", ["a", "b"], [{"epochs": 2.5}], {"a": "b"}]
    return [value for value in tried if value is not None and value != field.default]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.family}-{part.name}")
def test_a_saved_part_comes_back_whole(part):
    saved = changed(part)
    again = family_of(part).model_validate(yaml.safe_load(yaml.safe_dump(saved.model_dump(mode="json"))))
    assert type(again) is part
    assert again == saved


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.family}-{part.name}")
def test_a_part_is_saved_with_settings_other_than_the_defaults(part):
    """Otherwise the test above would pass a serializer that drops every setting."""
    required = [name for name, field in part.model_fields.items() if field.default is PydanticUndefined]
    saved = changed(part)
    assert not required or set(required) <= set(saved.model_dump())
    for name, field in part.model_fields.items():
        assert getattr(saved, name) != field.default, f"no other value of {name} was found"


PLACES = {Task: "task", Method: "method", Objective: "objective", Curriculum: "curriculum", Rival: "rivals"}


PLANNED = [
    part for part in PARTS if family_of(part) in PLACES and getattr(part, "asks", "") != "score"
]  # no plan runs on plain text


@pytest.mark.parametrize("part", PLANNED, ids=lambda part: part.name)
def test_a_plan_that_holds_the_part_comes_back_whole(part):
    family, saved = family_of(part), changed(part)
    plan = {"task": "classify", "base": "builtin:minilm", "data": "mails.csv"}
    if family is Task:
        plan["task"] = saved
    elif family is Rival:
        plan["decide"] = {"rivals": [saved]}
    else:
        plan["stages"] = [{PLACES[family]: saved}]
    whole = check_plan(plan)
    assert check_plan(yaml.safe_load(write_plan(whole))) == whole
