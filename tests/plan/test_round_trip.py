"""Every part comes back from a saved plan with the settings it went in with."""

import types
import typing

import pytest
import yaml
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from overtone.core.part import Part
from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum
from overtone.decide.rival import Rival
from overtone.evaluate.extractor import Extractor
from overtone.evaluate.metric import Metric
from overtone.methods.method import Method
from overtone.objectives.objective import Objective
from overtone.plan import check_plan, write_plan

FAMILIES = (Task, Method, Objective, Curriculum, Rival, Metric, Extractor)
PARTS = [part for family in FAMILIES for part in family.all().values()]
GIVEN = {  # settings that go together, or whose values must be known ones
    "metric-python": {"file": "own.py", "function": "brief"},
    "metric-judge": {"base_url": "http://127.0.0.1:8000/v1", "model": "big"},
    "metric-format_valid": {"json_schema": {"type": "object"}},
    "task-classify": {"metric": "macro_f1", "metrics": ["jaccard", {"name": "hamming", "label": "loss"}]},
    "task-answer": {"metric": {"name": "bleu", "lowercase": True}, "metrics": ["chrf"], "extract": "whole"},
    "task-prefer": {
        "metric": {"name": "preference_accuracy", "label": "own"},
        "metrics": ["preference_accuracy"],
    },
    "task-approve": {"metric": "average_precision", "metrics": ["balanced_accuracy"]},
    "task-text": {"metric": {"name": "perplexity", "label": "own"}, "metrics": ["perplexity"]},
    "task-choose": {
        "metric": {"name": "choice_accuracy", "label": "own"},
        "metrics": ["choice_accuracy"],
        "prompt": "Q: {question}\nA:",
    },
    "task-regress": {"metric": "spearman", "metrics": ["within"]},
    "task-tag": {"metric": "word_accuracy", "metrics": ["entity_f1"]},
    "task-extract": {"metric": "exact_match", "metrics": ["token_f1"]},
    "task-embed": {"metric": "ndcg", "metrics": ["recall_at"]},
    "rival-endpoint": {
        **{"base_url": "http://127.0.0.1:8000/v1", "model": "big"},
        **{"price_per_million_input": 3.0, "price_per_million_output": 7.0},
    },
    "curriculum-mix": {
        **{"weights": [3.0, 7.0, 1.0], "data": ["more.csv"]},
        **{"tasks": {"two": {"data": "two.csv"}}, "own_name": "one"},
    },
    "extractor-regex": {"pattern": "a+"},
    "extractor-choice_letter": {"letters": "FG"},
}
AGAINST = {"metric-judge": {"base"}, "metric-format_valid": {"pattern"}}  # what those exclude


def family_of(part):
    """The family's own class, under whose name a plan holds the part."""
    return next(family for family in FAMILIES if issubclass(part, family))


def changed(part):
    """A part in which every setting that can be is other than its default."""
    settings = dict(GIVEN.get(f"{part.family}-{part.name}", {}))
    for name, field in part.model_fields.items():
        for value in candidates(field) if name not in settings else ():
            try:
                part.model_validate({**settings, name: value})
            except ValidationError:
                continue
            settings[name] = value
            break
    return part.model_validate(settings)


def literals(annotation):
    """The values and the names of parts that a type spells out, inside unions too."""
    if isinstance(annotation, type) and Part in annotation.__bases__:
        return list(annotation.all())
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [value for one in typing.get_args(annotation) for value in literals(one)]
    return []


def candidates(field):
    plain = [3, 7, 70, 0.3, 0.7, True, False, "other", ["a", "b"], [{"epochs": 2.5}], {"a": "b"}]
    default = field.default.name if isinstance(field.default, Part) else field.default
    return [
        value for value in (*literals(field.annotation), *plain) if value is not None and value != default
    ]


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
        if name in AGAINST.get(f"{part.family}-{part.name}", ()):
            continue
        assert getattr(saved, name) != field.default, f"no other value of {name} was found"


PLACES = {Task: "task", Method: "method", Objective: "objective", Curriculum: "curriculum", Rival: "rivals"}


PLANNED = [part for part in PARTS if family_of(part) in PLACES]


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
