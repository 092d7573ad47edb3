"""The best validation told by the task's metric over answers, given while the training goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.tasks.embed import EmbedTask
from overtone.job.answering import metric_of_answers
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.optimizer import learned_weights
from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning
from tests.train.rows import tuning
from tests.train.test_resume import reports

SmallBase = Callable[[str], Path]
STAGE = {"method": "full", "epochs": 4, "batch_rows": 8, "learning_rate": 3e-3, "best_by": "metric"}


def measuring(job: Tuning) -> Tuning:
    return replace(job, measure=partial(metric_of_answers, job.task))


def weights(artifact: Artifact) -> dict[str, list[float]]:
    return {name: weight.flatten().tolist() for name, weight in learned_weights(artifact.learner).items()}


def test_the_checkpoint_of_the_highest_metric_is_kept(small_base: SmallBase, tmp_path: Path) -> None:
    """The third of four: the loss falls to the last, and the second has the same metric and a higher loss."""
    values, seen = iter([0.1, 0.7, 0.7, 0.3]), list[dict[str, list[float]]]()

    def measure(artifact: Artifact, rows: Sequence[Example]) -> float:
        seen.append(weights(artifact))
        return next(values)

    job = replace(tuning(small_base, "bert", "classify", {**STAGE, "learning_rate": 3e-4}), measure=measure)
    found = [report for report in reports(job, tmp_path) if isinstance(report, Validation)]
    assert [report.means["metric"] for report in found] == [0.1, 0.7, 0.7, 0.3]
    assert found[1].means["loss"] > found[2].means["loss"] > found[3].means["loss"]
    assert [report.best for report in found] == [True, True, True, False]
    assert weights(load_artifact(tmp_path / "artifact")) == seen[2]


@pytest.mark.parametrize(
    ("model", "task", "method"),
    [
        ("bert", "classify", "full"),
        ("llama", "answer", "full"),
        ("llama", "answer", "lora"),
        ("t5", "answer", "full"),
        ("llama", "prefer", "lora"),
        ("llama", "approve", "lora"),
    ],
)
def test_answers_on_the_way_change_no_step_and_are_those_of_the_saved_model(
    small_base: SmallBase, tmp_path: Path, model: str, task: str, method: str
) -> None:
    stage = {**STAGE, "method": method, "epochs": 3}
    plain = reports(tuning(small_base, model, task, {**stage, "best_by": "objective"}), tmp_path / "plain")
    job = measuring(tuning(small_base, model, task, stage))
    found = reports(job, tmp_path / "measured")
    assert steps(found) == steps(plain)
    best = [report for report in found if isinstance(report, Validation) and report.best][-1]
    saved = load_artifact(tmp_path / "measured" / "artifact")
    assert best.means["metric"] == metric_of_answers(job.task, saved, job.validation)


def test_embeddings_are_refused_for_their_metric_needs_all_passages(
    small_base: SmallBase, tmp_path: Path
) -> None:
    job = tuning(small_base, "bert", "answer", {**STAGE, "objective": "contrastive"})
    with pytest.raises(
        UserError, match=r"stages\[0\]\.best_by: the metric of the task 'embed' ranks all passages"
    ):
        reports(measuring(replace(job, task=EmbedTask())), tmp_path)


def test_a_killed_training_goes_on_to_the_bit(small_base: SmallBase, tmp_path: Path) -> None:
    stage = {**STAGE, "method": "lora", "epochs": 2, "checkpoint_steps": 3}

    def job() -> Tuning:
        return measuring(tuning(small_base, "llama", "answer", stage))

    whole = reports(job(), tmp_path / "whole")
    reports(job(), tmp_path / "killed", most=len(whole) // 2 + 1)
    rest = reports(job(), tmp_path / "killed")
    assert 0 < len(rest) < len(whole)
    assert steps(rest) == steps(whole)[-len(steps(rest)) :]
    assert rest[-1] == whole[-1]
    assert weights(load_artifact(tmp_path / "killed" / "artifact")) == weights(
        load_artifact(tmp_path / "whole" / "artifact")
    )


def steps(found: Sequence[Step | Validation]) -> list[tuple[float, float]]:
    """Loss and gradient of each step."""
    return [(report.loss, report.gradient_norm) for report in found if isinstance(report, Step)]
