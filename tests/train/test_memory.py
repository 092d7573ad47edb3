"""Settings that trade time for memory: the same training whatever is kept, and one that learns in half precision."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine.machine import Machine
from overtone.train.artifact import load_artifact
from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning, objective_of, start, tune
from tests.train.rows import labelled, tuning

SmallBase = Callable[[str], Path]
SHORT = {"epochs": 1, "batch_rows": 16}
HALF = {"precision": "bfloat16", "batch_rows": 8, "epochs": 12, "learning_rate": 3e-3}


def train(job: Tuning, folder: Path) -> list[Step | Validation]:
    reports = tune(job, folder / "checkpoints", folder / "artifact")
    return [report for report in reports if isinstance(report, Step | Validation)]


@pytest.mark.parametrize(
    ("model_type", "task", "method"),
    [
        ("bert", "classify", "full"),
        ("llama", "answer", {"name": "lora", "dropout": 0.2}),
        ("gpt2", "answer", "full"),
    ],
)
def test_layers_computed_again_take_the_same_steps(
    small_base: SmallBase, tmp_path: Path, model_type: str, task: str, method: object
) -> None:
    found = {
        how: train(
            tuning(small_base, model_type, task, {**SHORT, "method": method, "activations": how}),
            tmp_path / how,
        )
        for how in ("keep", "recompute")
    }
    assert found["keep"] == found["recompute"]


def test_moving_activations_in_main_memory_is_refused_before_the_first_step(small_base: SmallBase) -> None:
    job = tuning(small_base, "bert", "classify", {**SHORT, "activations": "offload"})
    with pytest.raises(UserError, match=r"stages\[0\].activations: 'offload'"):
        start(job, objective_of(job))


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_a_classifier_learns_in_half_precision(
    small_base: SmallBase, tmp_path: Path, model_type: str
) -> None:
    job = tuning(small_base, model_type, "classify", {**HALF, "method": "full"})
    found = train(job, tmp_path)
    assert found[-1].means["loss"] < 0.5 * found[0].loss  # type: ignore[union-attr]
    fresh = labelled(40, 5)
    answers = load_artifact(tmp_path / "artifact").system().answer([row.question for row in fresh])
    assert sum(answer.label == row.labels[0] for row, answer in zip(fresh, answers, strict=True)) >= 34


def test_what_learns_is_of_the_type_of_the_base_and_the_run_says_so(
    small_base: SmallBase, tmp_path: Path
) -> None:
    stage = {**SHORT, "method": "lora", "precision": "bfloat16"}
    job = tuning(small_base, "llama", "classify", stage)
    told = [report for report in tune(job, tmp_path / "c", tmp_path / "a") if isinstance(report, Machine)]
    assert [(one.precision, bool(one.warning)) for one in told] == [
        ("bfloat16", not torch.cuda.is_available())
    ]
    job = tuning(small_base, "llama", "classify", stage)
    learner = start(job, objective_of(job)).learner
    assert {weight.dtype for weight in learner.parameters()} == {torch.bfloat16}
