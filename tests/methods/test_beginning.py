"""What all learned beginnings of rows share: they start as the words of a text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.task import Task
from overtone.methods.beginning import Beginning
from overtone.methods.p_tuning import PTuning
from overtone.methods.prefix import Prefix
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base
from overtone.train.artifact import make_learner
from overtone.train.optimizer import make_optimizer
from overtone.train.resolve import resolved_stages
from overtone.train.stage import Stage
from tests.methods.agreement import ROWS, scores

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("kind", [Prompt, Prefix])
@pytest.mark.parametrize("model_type", ["llama", "mistral", "smollm3", "gpt2", "gemma3_text", "falcon"])
def test_it_starts_as_the_words_of_its_text(
    small_base: SmallBase, kind: type[Beginning], model_type: str
) -> None:
    base = load_base(str(small_base(model_type)))
    words = base.tokenizer("Say it.", add_special_tokens=False)["input_ids"]
    wanted = scores(base.model, [(words + prompt, answer) for prompt, answer in ROWS])
    body = kind(tokens=len(words), text="Say it.").attach(base.model, 0)
    assert torch.allclose(scores(body), wanted, atol=1e-5)


@pytest.mark.parametrize("kind", [Prompt, PTuning, Prefix])
def test_before_what_is_read_whole_a_smaller_rate_is_usual(
    small_base: SmallBase, kind: type[Beginning]
) -> None:
    rates = {name: kind().usual_rate(name, 32) for name in ("decoder", "encoder", "encoder-decoder")}
    assert rates["encoder"] == rates["encoder-decoder"] < rates["decoder"]
    base = load_base(str(small_base("bert")))
    stage = Stage(method=kind(tokens=3))
    learner = make_learner(base, stage.method.attach(base.model, 0), ("a", "b"), 0.0, 0)
    found = {group["rate"] for group in make_optimizer(learner, stage).param_groups}
    assert found == {rates["encoder"], stage.head_learning_rate}


@pytest.mark.parametrize("kind", [Prompt, PTuning, Prefix])
@pytest.mark.parametrize(("model_type", "base_kind"), [("gpt2", "decoder"), ("bert", "encoder")])
def test_its_length_suits_the_base_where_nothing_is_said(
    small_base: SmallBase, kind: type[Beginning], model_type: str, base_kind: Any
) -> None:
    body: Any = kind().attach(load_base(str(small_base(model_type))).model, 0)
    length = body.active_peft_config.num_virtual_tokens
    assert length == kind().suited(base_kind).positions
    assert length == (5 if base_kind == "encoder" and kind is not Prefix else 20)
    assert kind(tokens=7).suited(base_kind).positions == 7


def test_a_plan_writes_its_length_out() -> None:
    task = Task.model_validate("classify")
    (stage,) = resolved_stages([Stage(method=Prompt())], task, "encoder", 32)
    assert stage.method.model_dump()["tokens"] == 5
