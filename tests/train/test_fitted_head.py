"""A new head begins as logistic regression over the untuned features."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from overtone.classical.fit import fit_linear, logistic_regression
from overtone.classical.linear import targets
from overtone.classical.pairs import fit_worths
from overtone.core.task import Task
from overtone.engine.frozen_context import Frozen
from overtone.models.base import load_base
from overtone.train import fitted_head
from overtone.train.artifact import load_artifact
from overtone.train.report import Step
from overtone.train.tune import make_rows, objective_of, start, tune
from tests.train.rows import WORDS, SmallBase, labelled, tuning

STILL = {"method": "full", "epochs": 1, "learning_rate": 0.0, "head_learning_rate": 1e-12}


def first_loss(job: Any, folder: Path) -> float:
    return next(
        one.loss for one in tune(job, folder / "checkpoints", folder / "artifact") if isinstance(one, Step)
    )


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_before_the_first_step_it_says_what_the_regression_says(
    small_base: SmallBase, tmp_path: Path, model_type: str
) -> None:
    job = tuning(small_base, model_type, "classify", STILL)
    list(tune(job, tmp_path / "checkpoints", tmp_path / "artifact"))
    artifact = load_artifact(tmp_path / "artifact")
    rows = make_rows(job, objective_of(job), job.train, "training")
    with torch.no_grad():
        features = artifact.learner.features([row.tokens for row in rows]).numpy()
        found = artifact.learner.logits([row.tokens for row in rows]).softmax(-1).numpy()
    wanted = targets([row.labels for row in job.train], WORDS)
    model = fit_linear(logistic_regression, fitted_head.STRENGTH, features, wanted, WORDS)
    assert np.abs(found - model.probabilities(features)).max() < 2e-3
    assert (found.argmax(1) == wanted.argmax(1)).mean() > 0.5


def test_several_labels_have_a_regression_each(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", STILL)
    both = [
        replace(row, labels=(*row.labels, "sun")) if "red" in row.text else row for row in labelled(80, 2)
    ]
    several = replace(job, task=Task.model_validate({"name": "classify", "multi_label": True}), train=both)
    drawn = {"name": "classify", "head_start": "random"}
    plain = tuning(small_base, "bert", "classify", {**STILL, "objective": drawn})
    other = replace(plain, task=several.task, train=both)
    assert first_loss(several, tmp_path / "a") < 0.9 * first_loss(other, tmp_path / "b")


def test_a_head_drawn_at_random_stays_so(small_base: SmallBase, tmp_path: Path) -> None:
    drawn = {**STILL, "objective": {"name": "classify", "head_start": "random"}}
    assert first_loss(tuning(small_base, "bert", "classify", drawn), tmp_path) == pytest.approx(
        np.log(3), abs=0.05
    )


def test_a_label_without_a_row_keeps_what_was_drawn(small_base: SmallBase) -> None:
    job = tuning(small_base, "bert", "classify", STILL)
    job = replace(job, base=load_base(job.base.description.name), labels=(*WORDS, "snow"))
    objective = objective_of(job)
    artifact = start(job, objective)
    layer = artifact.learner.head[-1]  # type: ignore[index]
    before = layer.weight.detach().clone()
    kind = fitted_head.Kind(artifact.learner, objective, job.task)
    rows = make_rows(job, objective, job.train, "training")
    fitted_head.fit_heads([(kind, rows)], Frozen(job.base.model), 0)
    assert torch.equal(layer.weight[3], before[3]) and layer.bias[3] == 0
    assert not torch.isclose(layer.weight[:3], before[:3]).any()


def test_of_many_rows_some_are_enough(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitted_head, "MOST_ROWS", 30)
    seen: list[int] = []
    fit = fitted_head.fit_linear
    monkeypatch.setattr(
        fitted_head, "fit_linear", lambda *given: (seen.append(len(given[2])), fit(*given))[1]
    )
    first_loss(tuning(small_base, "bert", "classify", STILL), tmp_path)
    assert seen == [30]


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_a_model_of_rewards_begins_with_what_features_are_worth(
    small_base: SmallBase, tmp_path: Path, model_type: str
) -> None:
    job = tuning(small_base, model_type, "prefer", {**STILL, "objective": "reward"})
    list(tune(job, tmp_path / "checkpoints", tmp_path / "artifact"))
    learner = load_artifact(tmp_path / "artifact").learner
    rows = make_rows(job, objective_of(job), job.train, "training")
    with torch.no_grad():
        better, worse = (
            learner.features([one.tokens for one in answers])
            for answers in (rows, [row.rejected for row in rows if row.rejected])
        )
        rewards = learner.head(better) - learner.head(worse)  # type: ignore[misc]
    gains = (better - worse).numpy()
    worths, _ = fit_worths(gains, gains[:0], [fitted_head.PAIR_STRENGTH], 0)
    assert np.abs(rewards[:, 0].numpy() - gains @ worths).max() < 2e-3
    assert (rewards > 0).float().mean() > 0.6


def test_a_reward_drawn_at_random_stays_so(small_base: SmallBase, tmp_path: Path) -> None:
    begin = {"name": "reward", "head_start": "random"}
    drawn, fitted = (
        first_loss(tuning(small_base, "bert", "prefer", {**STILL, "objective": objective}), tmp_path / name)
        for name, objective in (("drawn", begin), ("fitted", {"name": "reward"}))
    )
    assert drawn == pytest.approx(np.log(2), abs=0.02) and fitted < drawn - 0.01
