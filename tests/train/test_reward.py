"""A reward model finds a planted preference on pairs that training never saw, and comes back from the disk."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.engine.reward_model import RewardModel
from overtone.evaluate.statistics.wilson import wilson
from overtone.train.artifact import load_artifact
from overtone.train.report import Validation
from overtone.train.tune import tune
from tests.train.rows import preferred, tuning

SmallBase = Callable[[str], Path]
FAST = {"method": "lora", "epochs": 4, "batch_rows": 8, "learning_rate": 1e-2, "head_learning_rate": 1e-2}


@pytest.mark.parametrize("model_type", ["llama", "bert"])
def test_a_planted_preference_is_found(small_base: SmallBase, tmp_path: Path, model_type: str) -> None:
    job = tuning(small_base, model_type, "prefer", {**FAST, "objective": "reward"})
    found = list(tune(job, tmp_path / "checkpoints", tmp_path / "artifact"))
    told = [report.means for report in found if isinstance(report, Validation)]
    assert told[-1].keys() == {"loss", "accuracy", "margin"}
    artifact = load_artifact(tmp_path / "artifact")
    system = artifact.system()
    assert isinstance(system, RewardModel) and artifact.card.labels == ("reward",)
    fresh = preferred(60, 5)
    answers = system.answer([row.question for row in fresh])
    right = sum(answer.label == row.completion for row, answer in zip(fresh, answers, strict=True))
    low, _ = wilson(right, len(fresh))
    assert low > 0.75, f"{right} of {len(fresh)}"
    better, worse = system.rewards(fresh[0].conversations)
    shares = answers[0].probabilities or {}
    odds = shares[fresh[0].completion] / shares[fresh[0].rejected]
    assert odds == pytest.approx(2.718281828 ** (better - worse), rel=1e-3)


def test_it_says_what_it_cannot_read_and_writes_nothing(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "llama", "prefer", {**FAST, "epochs": 0.1, "objective": "reward"})
    list(tune(job, tmp_path / "c", tmp_path / "a"))
    system = load_artifact(tmp_path / "a").system()
    assert isinstance(system, RewardModel)
    asked = preferred(2, 6)[0].question
    long = replace(asked, choices=("far " * 60, "b"))
    written, refused, fine = system.answer([replace(asked, choices=()), long, asked])
    assert written.error == "a reward model writes nothing: give answers to choose from"
    assert refused.error and "the context holds 128" in refused.error
    assert fine.error is None and sum((fine.probabilities or {}).values()) == pytest.approx(1)
    with pytest.raises(UserError, match="the reward model reads 128"):
        system.rewards([(*asked.messages, Message("assistant", "far " * 60))])
