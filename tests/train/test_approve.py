"""Marks are learned from: a planted word makes answers good that training never saw, each judged on its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.core.task import Task
from overtone.core.tasks.approve import BAD, GOOD
from overtone.evaluate.metrics.roc_auc import RocAuc
from overtone.evaluate.scores import score
from overtone.train.artifact import load_artifact
from overtone.train.report import Step, Validation
from overtone.train.tune import tune
from tests.train.rows import approved, marked, preferred, tuning

SmallBase = Callable[[str], Path]
FAST = {"method": "lora", "epochs": 6, "batch_rows": 8, "learning_rate": 1e-2}
TASK = Task.model_validate("approve")


@pytest.fixture(scope="module", params=["llama", "t5"])
def trained(
    small_base: SmallBase, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[list[object], Path]:
    """The reports of a training on 120 marked answers, and its artifact."""
    folder = tmp_path_factory.mktemp("approve")
    job = tuning(small_base, request.param, "approve", FAST)
    return list(tune(job, folder / "checkpoints", folder / "artifact")), folder / "artifact"


def test_a_planted_word_is_found_in_answers_never_seen(trained: tuple[list[object], Path]) -> None:
    fresh = [marked(pair, good) for pair in preferred(60, 5) for good in (True, False)]
    answers = load_artifact(trained[1]).system().answer([row.question for row in fresh])
    found = score(RocAuc(), fresh, answers, TASK, 0)
    assert found.low is not None and found.low > 0.75, found
    assert all((answer.probabilities or {}).keys() == {BAD, GOOD} for answer in answers)


def test_loss_and_the_share_on_the_right_side_are_told(trained: tuple[list[object], Path]) -> None:
    steps = [report for report in trained[0] if isinstance(report, Step)]
    assert steps[0].loss == pytest.approx(0.5, abs=0.1)  # no answer has gained anything, weights are near 1
    validations = [report.means for report in trained[0] if isinstance(report, Validation)]
    assert validations[-1].keys() == {"loss", "right"}
    assert validations[-1]["loss"] < validations[0]["loss"]


def test_the_tuned_model_still_writes(trained: tuple[list[object], Path]) -> None:
    from dataclasses import replace

    asked = approved(1, 6)[0].question
    written, verdict = load_artifact(trained[1]).system().answer([replace(asked, choices=()), asked])
    assert written.text is not None and written.probabilities is None
    assert verdict.text is None and verdict.label in (BAD, GOOD)
