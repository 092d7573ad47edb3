"""The top layers: which they are, when they begin to learn, and what is remembered below them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine.remember.depth import frozen_depth
from overtone.methods.top_layers import TopLayers
from overtone.models.base import load_base
from overtone.train.report import Step
from overtone.train.tune import tune
from tests.methods.agreement import after_training, scores
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
STAGE = {"method": {"name": "top_layers", "count": 2, "unfreeze_every": 0.5}, "epochs": 2, "batch_rows": 8}


def learned_layers(small_base: SmallBase, folder: Path, steps: int, stage: dict[str, Any]) -> set[str]:
    """The weights that differ from the base's after some steps."""
    job = tuning(small_base, "llama", "answer", stage)
    before = {name: weight.clone() for name, weight in job.base.model.named_parameters()}
    for report in tune(job, folder / "checkpoints", folder / "artifact"):
        if isinstance(report, Step) and report.step == steps:
            break
    return {
        name for name, weight in job.base.model.named_parameters() if not torch.equal(weight, before[name])
    }


def layers(names: set[str]) -> set[str]:
    return {name.removeprefix("model.").removeprefix("layers.").split(".")[0] for name in names}


def test_layers_begin_to_learn_from_the_top_down(small_base: SmallBase, tmp_path: Path) -> None:
    """30 steps: the upper layer alone in the first 15, then both."""
    assert layers(learned_layers(small_base, tmp_path / "a", 15, STAGE)) == {"1", "norm"}
    assert layers(learned_layers(small_base, tmp_path / "b", 16, STAGE)) == {"0", "1", "norm"}
    at_once = {**STAGE, "method": {"name": "top_layers", "count": 2}}
    assert layers(learned_layers(small_base, tmp_path / "c", 1, at_once)) == {"0", "1", "norm"}


def test_a_killed_training_with_a_schedule_goes_on_to_the_bit(small_base: SmallBase, tmp_path: Path) -> None:
    """Killed before and behind the step at which a further layer begins."""
    stage = {**STAGE, "checkpoint_steps": 4}

    def numbers(folder: Path, most: int) -> list[str]:
        job = tuning(small_base, "llama", "answer", stage)
        found = []
        for report in tune(job, folder / "checkpoints", folder / "artifact"):
            if isinstance(report, Step):
                found.append(f"{report.step} {report.loss.hex()} {report.gradient_norm.hex()}")
                if len(found) == most:
                    break
        return found

    oracle = numbers(tmp_path / "oracle", 99)
    for most in (10, 13, 99):
        part = numbers(tmp_path / "killed", most)
        start = int(part[0].split()[0]) - 1
        assert part == oracle[start : start + len(part)]
    files = [tmp_path / side / "artifact" / "learned.safetensors" for side in ("oracle", "killed")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("count", [1, 2])
def test_what_lies_below_a_fixed_count_can_be_remembered(small_base: SmallBase, count: int) -> None:
    body = TopLayers(count=count).attach(load_base(str(small_base("llama"))).model, 0)
    assert frozen_depth(body) == 2 - count


def test_outside_a_step_all_that_will_learn_is_told_as_learning(small_base: SmallBase) -> None:
    method = TopLayers(count=2, unfreeze_every=0.5)
    body = method.attach(load_base(str(small_base("gpt2"))).model, 0)
    learns = [name for name, weight in body.named_parameters() if weight.requires_grad]
    with method.thawed(body, 0.49):
        now = [name for name, weight in body.named_parameters() if weight.requires_grad]
    assert set(now) == {name for name in learns if ".h.0." not in name}
    with method.thawed(body, 0.5):
        assert [name for name, weight in body.named_parameters() if weight.requires_grad] == learns
    assert [name for name, weight in body.named_parameters() if weight.requires_grad] == learns


def test_more_layers_than_there_are_is_refused(small_base: SmallBase) -> None:
    with pytest.raises(UserError, match=r"count: 3 layers are to learn and the base has 2: choose 1 to 2"):
        TopLayers(count=3).attach(load_base(str(small_base("bert"))).model, 0)


@pytest.mark.parametrize("model_type", ["llama", "gpt2"])
def test_it_learns(small_base: SmallBase, model_type: str) -> None:
    first = scores(load_base(str(small_base(model_type))).model).sum()
    assert scores(after_training(TopLayers(count=1), small_base(model_type))).sum() > first + 0.1
