"""Usual rates of decoders fall with their width, and reach the optimizer and the resolved plan."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.task import Task
from overtone.methods.full import Full
from overtone.methods.rates import CUSTOMARY, MEASURED, by_width
from overtone.models.base import load_base
from overtone.train.artifact import make_learner
from overtone.train.optimizer import make_optimizer
from overtone.train.resolve import resolved_stages
from overtone.train.stage import Stage

SmallBase = Callable[[str], Path]


def test_a_line_in_logarithms_joins_the_two_ends():
    assert by_width(1e-3, 2e-5, MEASURED) == by_width(1e-3, 2e-5, 32) == 1e-3
    assert by_width(1e-3, 2e-5, CUSTOMARY) == 2e-5
    assert by_width(1e-3, 1e-5, 1024) == pytest.approx(1e-4)  # half way: the geometric mean
    assert by_width(1e-3, 2e-5, 2 * CUSTOMARY) < 2e-5


@pytest.mark.parametrize(
    ("model_type", "kind"), [("gpt2", "decoder"), ("bert", "encoder"), ("t5", "encoder-decoder")]
)
def test_what_the_plan_says_is_what_the_optimizer_takes(
    small_base: SmallBase, model_type: str, kind: str
) -> None:
    base = load_base(str(small_base(model_type)))
    usual = Full().usual_rate(base.description.kind, base.description.hidden)
    assert base.description.kind == kind
    assert (usual > Full.learning_rate) == (kind == "decoder")
    (stage,) = resolved_stages(
        [Stage(method=Full())], Task.model_validate("text"), base.description.kind, base.description.hidden
    )
    learner = make_learner(base, Full().attach(base.model, 0), (), 0.0, 0)
    assert {group["rate"] for group in make_optimizer(learner, Stage(method=Full())).param_groups} == {usual}
    assert stage.learning_rate == usual
