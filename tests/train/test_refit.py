"""Training once more on training and validation rows together, from the same start."""

import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.train import tune as tune_module
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.lineage import rows_digest
from overtone.train.loop import Training
from overtone.train.report import Again, Report, Step, Validation
from overtone.train.tune import Tuning, tune
from tests.train.rows import SmallBase, tuning

STAGE = {"method": "lora", "epochs": 3, "learning_rate": 5e-3, "refit": True}


def run(job: Tuning, folder: Path) -> tuple[list[Report], Artifact]:
    found = list(tune(job, folder / "checkpoints", folder / "adapter"))
    return found, load_artifact(folder / "adapter")


def weights(artifact: Artifact) -> dict[str, torch.Tensor]:
    return {
        name: weight
        for name, weight in artifact.learner.named_parameters()
        if "lora" in name or "head" in name
    }


def test_it_takes_the_steps_of_a_training_on_all_rows(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", STAGE)
    told, found = run(job, tmp_path / "refit")
    again = [one.report for one in told if isinstance(one, Again)]
    first = [one for one in told if isinstance(one, Step)]
    best = [one.step for one in told if isinstance(one, Validation) and one.best][-1]
    every = (*job.train, *job.validation)
    share = {**STAGE, "refit": False, "epochs": best / len(first) * 3}
    plain = tuning(small_base, "bert", "classify", share)
    steps, _ = run(replace(plain, train=every, validation=()), tmp_path / "every")
    losses = [one.loss.hex() for one in steps if isinstance(one, Step)]
    assert len(first) == 24 and losses
    assert [one.loss.hex() for one in again if isinstance(one, Step)] == losses
    assert len(again) == len(losses), "nothing but steps: no row is left to validate on"
    assert (found.card.rows, found.card.rows_sha256) == (140, rows_digest(every))
    assert not (tmp_path / "refit" / "checkpoints" / "refit").exists()


def test_the_first_training_s_memory_is_free_before_the_second_begins(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its optimizer's moments are twice the weights that learn."""
    begun: list[weakref.ref[Training]] = []
    alive: list[int] = []

    class Watched(Training):
        def __init__(self, *given: Any) -> None:
            alive.append(sum(one() is not None for one in begun))
            super().__init__(*given)
            begun.append(weakref.ref(self))

    monkeypatch.setattr(tune_module, "Training", Watched)
    run(tuning(small_base, "bert", "classify", STAGE), tmp_path)
    assert alive == [0, 0]


def test_without_it_only_training_rows_are_learned(small_base: SmallBase, tmp_path: Path) -> None:
    told, found = run(tuning(small_base, "bert", "classify", {**STAGE, "refit": False}), tmp_path)
    assert not any(isinstance(one, Again) for one in told)
    assert found.card.rows == 120


@pytest.mark.parametrize("steps", [10, 24, 30])
def test_it_resumes_to_the_bit(small_base: SmallBase, tmp_path: Path, steps: int) -> None:
    stage = {**STAGE, "checkpoint_steps": 4, "patience": 9}
    _, whole = run(tuning(small_base, "bert", "classify", stage), tmp_path / "whole")
    begun = tune(
        tuning(small_base, "bert", "classify", stage),
        tmp_path / "b" / "checkpoints",
        tmp_path / "b" / "adapter",
    )
    taken = 0
    for report in begun:
        taken += isinstance(report, Step | Again)
        if taken == steps:
            break
    begun.close()
    _, found = run(tuning(small_base, "bert", "classify", stage), tmp_path / "b")
    same = weights(whole)
    assert same and all(torch.equal(weight, same[name]) for name, weight in weights(found).items())
