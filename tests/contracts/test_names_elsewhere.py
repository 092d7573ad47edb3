"""What other tools call a part or a setting is refused with the words for it here, and those words are accepted."""

from collections import Counter

import pytest
import yaml

from overtone.core.part import Part
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.curricula.curriculum import Curriculum
from overtone.data.settings import DataSettings
from overtone.decide.rival import Rival
from overtone.evaluate.metric import Metric
from overtone.methods.adapter import Adapter
from overtone.methods.lora import Lora
from overtone.methods.method import Method
from overtone.methods.p_tuning import PTuning
from overtone.methods.prefix import Prefix
from overtone.methods.prompt import Prompt
from overtone.objectives.objective import Objective
from overtone.plan import Plan
from overtone.retrieve.index import Index
from overtone.train.anchors.anchor import Anchor
from overtone.train.stage import Stage

FAMILIES: tuple[type[Part], ...] = (Anchor, Curriculum, Index, Method, Metric, Objective, Rival, Task)
CALLED = [
    (family, name, other)
    for family in FAMILIES
    for name, part in family.all().items()
    for other in vars(part).get("also_called", ())
]
FORMS = [
    (family, other, said)
    for family in FAMILIES
    for part in family.all().values()
    for other, said in vars(part).get("forms", {}).items()
]
RENAMED: list[tuple[type[Settings], str, str]] = [
    (group, other, said)
    for group in (Adapter, DataSettings, Lora, Plan, Prefix, Prompt, PTuning, Stage)
    for other, said in group.settings_elsewhere.items()
]
NEEDED: dict[type[Settings], dict[str, str]] = {
    Plan: {"task": "classify", "base": "builtin:minilm", "data": "mails.csv"}
}


@pytest.mark.parametrize(("family", "name", "other"), CALLED)
def test_another_name_is_refused_with_the_name_here(family: type[Part], name: str, other: str) -> None:
    for spelled in (other, other.replace("_", "-").upper()):
        with pytest.raises(ValueError, match=f"is called '{spelled}'. Here it is '{name}'. Known: "):
            family.find(spelled)


@pytest.mark.parametrize(("family", "other", "said"), FORMS)
def test_the_form_that_is_named_is_accepted(family: type[Part], other: str, said: str) -> None:
    with pytest.raises(ValueError, match="Here it is '"):
        family.find(other)
    asked = yaml.safe_load(said if said.startswith("{") else "{" + said + "}")
    if "method" in asked:
        assert Stage.model_validate(asked).method.name == "lora"
    else:
        assert type(family.model_validate(asked)).forms[other] == said


def test_no_name_is_said_of_two_parts_or_is_a_part_itself() -> None:
    names = [(family, other) for family, _, other in CALLED] + [(family, other) for family, other, _ in FORMS]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [other for family, other in names if other in family.all()] == []


@pytest.mark.parametrize(("group", "other", "said"), RENAMED)
def test_another_setting_is_refused_with_the_setting_here(
    group: type[Settings], other: str, said: str
) -> None:
    with pytest.raises(ValueError, match="Here it is '") as error:
        group.model_validate({other: 1})
    assert f"unknown setting '{other}'. Here it is '{said}'. Allowed: " in str(error.value)
    key, _, value = said.partition(": ")
    assert key in group.model_fields and other not in group.model_fields
    if value:
        assert group.model_validate(NEEDED.get(group, {}) | yaml.safe_load("{" + said + "}"))
