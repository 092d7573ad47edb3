"""Schedules rise over the warm-up, then stay or fall to the final value."""

import pytest

from overtone.core.schedule import Schedule


@pytest.mark.parametrize(
    ("shape", "middle", "end"), [("constant", 1.0, 1.0), ("linear", 0.55, 0.1), ("cosine", 0.55, 0.1)]
)
def test_the_shapes(shape: str, middle: float, end: float) -> None:
    schedule = Schedule.model_validate({"shape": shape, "warmup": 0.1, "final": 0.1})
    assert [schedule.at(step, 110) for step in (0, 5, 10)] == pytest.approx([1 / 11, 6 / 11, 1.0])
    assert schedule.at(11 + 99 // 2, 110) == pytest.approx(middle, abs=0.01)
    assert schedule.at(110, 110) == pytest.approx(end)


def test_no_warm_up_begins_at_the_top() -> None:
    assert Schedule(warmup=0.0).at(0, 10) == 1.0
