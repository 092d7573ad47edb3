"""Parts: named by a plan, refused with the nearest name, written with every setting."""

import pytest
from pydantic import ValidationError

from overtone.core.part import Part
from overtone.core.settings import Settings
from overtone.core.task import Task


class Holder(Settings):
    """A place for a part."""

    task: Task
    others: tuple[Task, ...] = ()


def said(value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Holder.model_validate(value)
    return str(refused.value.errors()[0]["msg"])


def test_a_name_and_a_mapping_give_the_same_part() -> None:
    assert Holder.model_validate({"task": "classify"}) == Holder.model_validate(
        {"task": {"name": "classify"}}
    )


def test_every_setting_is_written_and_read_again() -> None:
    holder = Holder.model_validate({"task": {"name": "classify", "multi_label": True, "bar": 0.5}})
    plain = holder.model_dump(mode="json")
    assert plain["task"]["multi_label"] is True and plain["task"]["name"] == "classify"
    assert Holder.model_validate(plain) == holder


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"task": "clasify"},
            f"no task is called 'clasify'. Did you mean 'classify'? Known: {', '.join(Task.all())}.",
        ),
        ({"task": {"name": "classify", "bra": 1}}, "unknown setting 'bra'. Did you mean 'bar'?"),
        ({"task": 3}, "a task is a name or a mapping with a name, not 3"),
        ({"tsk": "classify"}, "unknown setting 'tsk'. Did you mean 'task'? Allowed: task, others."),
    ],
)
def test_what_is_not_known_is_refused_with_the_nearest(value: object, message: str) -> None:
    assert message in said(value)


def test_a_name_is_taken_once() -> None:
    class Colour(Part, package="tests.core"):
        """A family of this test."""

    class Red(Colour):
        """Red."""

        name = "red"

    with pytest.raises(TypeError, match="two parts of the family colour are called 'red'"):

        class Crimson(Colour):
            """Also red."""

            name = "red"

    assert Colour.known == {"red": Red}
