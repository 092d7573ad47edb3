"""The usual rate of a method, a base and an objective reaches the optimizer and the resolved plan."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.task import Task
from overtone.methods.full import Full
from overtone.methods.rates import MEASURED
from overtone.models.base import load_base
from overtone.train.artifact import make_learner
from overtone.train.optimizer import make_optimizer
from overtone.train.resolve import resolved_stages
from overtone.train.stage import Stage

SmallBase = Callable[[str], Path]


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


def test_preferences_and_rewards_take_a_third() -> None:
    for name, task in (("dpo", "prefer"), ("grpo", "answer")):
        stage = Stage.model_validate({"method": "lora", "objective": name})
        (resolved,) = resolved_stages([stage], Task.model_validate(task), "decoder", MEASURED)
        assert resolved.learning_rate == pytest.approx(stage.method.usual_rate("decoder", MEASURED) / 3)
        named = stage.model_copy(update={"learning_rate": 0.5})
        (kept,) = resolved_stages([named], Task.model_validate(task), "decoder", MEASURED)
        assert kept.learning_rate == 0.5
