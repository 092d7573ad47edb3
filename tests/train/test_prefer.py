"""Preferences are learned from pairs: the planted word wins on pairs that training never saw."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.engine.row import Row
from overtone.evaluate.statistics.wilson import wilson
from overtone.objectives.dpo import Dpo
from overtone.train.artifact import load_artifact
from overtone.train.report import Step, Validation
from overtone.train.tune import make_rows, tune
from tests.train.rows import preferred, tuning

SmallBase = Callable[[str], Path]
FAST = {"method": "lora", "epochs": 3, "batch_rows": 8, "learning_rate": 1e-2}


@pytest.fixture(scope="module")
def trained(small_base: SmallBase, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[object], Path]:
    """The reports of a training on 120 pairs, and its artifact."""
    folder = tmp_path_factory.mktemp("prefer")
    job = tuning(small_base, "llama", "prefer", FAST)
    return list(tune(job, folder / "checkpoints", folder / "artifact")), folder / "artifact"


def test_a_planted_preference_is_found_on_pairs_never_seen(trained: tuple[list[object], Path]) -> None:
    system = load_artifact(trained[1]).system()
    fresh = preferred(60, 5)
    answers = system.answer([row.question for row in fresh])
    right = sum(answer.label == row.completion for row, answer in zip(fresh, answers, strict=True))
    low, _ = wilson(right, len(fresh))
    assert low > 0.75, f"{right} of {len(fresh)}"
    assert all(sum((answer.probabilities or {}).values()) == pytest.approx(1) for answer in answers)


@pytest.mark.parametrize("objective", ["ipo", "simpo", "orpo", "kto"])
def test_each_other_objective_on_pairs_finds_it_too(
    small_base: SmallBase, tmp_path: Path, objective: str
) -> None:
    job = tuning(small_base, "llama", "prefer", {**FAST, "objective": objective})
    reports = list(tune(job, tmp_path / "checkpoints", tmp_path / "artifact"))
    validations = [report.means for report in reports if isinstance(report, Validation)]
    assert validations[-1].keys() == {"loss", "accuracy", "margin"}
    assert validations[-1]["loss"] < validations[0]["loss"]
    fresh = preferred(60, 5)
    tuned = load_artifact(tmp_path / "artifact").system()
    assert (tuned.reference is None) == (objective in ("simpo", "orpo"))  # type: ignore[union-attr]
    answers = tuned.answer([row.question for row in fresh])
    right = sum(answer.label == row.completion for row, answer in zip(fresh, answers, strict=True))
    low, _ = wilson(right, len(fresh))
    assert low > 0.75, f"{right} of {len(fresh)}"


def test_it_is_judged_by_the_rewards_that_it_learned(small_base: SmallBase, tmp_path: Path) -> None:
    """The odds between two answers are those of the objective's margin, as its own validation tells it."""
    stage = {**FAST, "objective": "simpo", "epochs": 1, "evaluations": 1}
    job = tuning(small_base, "llama", "prefer", stage)
    (told,) = [
        report.means for report in tune(job, tmp_path / "c", tmp_path / "a") if isinstance(report, Validation)
    ]
    answers = load_artifact(tmp_path / "a").system().answer([row.question for row in job.validation])
    shares = [
        (answer.probabilities or {})[row.completion]
        for row, answer in zip(job.validation, answers, strict=True)
    ]
    margins = [math.log(share / (1 - share)) for share in shares]
    assert sum(margins) / len(margins) == pytest.approx(told["margin"], rel=1e-3)


def test_loss_accuracy_and_margin_are_told_at_each_step_and_validation(
    trained: tuple[list[object], Path],
) -> None:
    steps = [report for report in trained[0] if isinstance(report, Step)]
    assert steps[0].loss == pytest.approx(0.6931, abs=1e-3)
    assert steps[0].means["margin"] == pytest.approx(0, abs=1e-4)
    assert steps[-1].loss < steps[0].loss / 2
    assert steps[-1].means["accuracy"] > 0.9
    validations = [report.means for report in trained[0] if isinstance(report, Validation)]
    assert validations[-1].keys() == {"loss", "accuracy", "margin"}
    assert validations[-1]["margin"] > validations[0]["margin"] > 0


def test_the_tuned_model_still_writes(trained: tuple[list[object], Path]) -> None:
    system = load_artifact(trained[1]).system()
    asked = preferred(1, 6)[0].question
    written, preference = system.answer([replace(asked, choices=()), asked])
    assert written.text is not None and written.probabilities is None
    assert preference.text is None and preference.probabilities is not None


def test_each_answer_of_a_pair_must_fit_the_context(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "llama", "prefer", FAST)
    long = replace(preferred(1, 3)[0], rejected="far " * 60, source="pairs.jsonl:121")
    with pytest.raises(
        UserError, match=r"1 of 121 training rows .* \(the longest, pairs.jsonl:121, has \d+\)"
    ):
        list(tune(replace(job, train=[*job.train, long]), tmp_path / "c", tmp_path / "a"))


def test_forward_passes_are_filled_by_the_tokens_of_both_answers(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    usual = Dpo.loss
    monkeypatch.setattr(
        Dpo,
        "loss",
        lambda self, learner, rows, task: read.append(_size(rows)) or usual(self, learner, rows, task),
    )
    stage = {**FAST, "epochs": 1, "batch_tokens": 400, "batch_rows": 64}
    job = replace(tuning(small_base, "llama", "prefer", stage), validation=[])
    found = [report for report in tune(job, tmp_path / "c", tmp_path / "a") if isinstance(report, Step)]
    assert max(read) <= 400 < found[0].tokens
    rows = make_rows(job, Dpo(), job.train, "training")
    assert sum(read) == sum(step.tokens for step in found) == _size(rows)


def _size(rows: Sequence[Row]) -> int:
    return sum(row.size for row in rows)


def test_an_encoder_is_refused_before_any_work(small_base: SmallBase, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"'dpo' needs a base of kind decoder or encoder-decoder, and .* is a\(n\) encoder"
    ):
        stage = {**FAST, "objective": "dpo"}
        list(tune(tuning(small_base, "bert", "prefer", stage), tmp_path / "c", tmp_path / "a"))


def test_a_pair_asks_without_saying_which_answer_was_chosen() -> None:
    rows = preferred(60, 0)
    firsts = sum(row.question.choices[0] == row.completion for row in rows)
    assert 15 < firsts < 45
    swapped = replace(
        rows[0],
        messages=(*rows[0].messages[:-1], Message("assistant", rows[0].rejected)),
        rejected=rows[0].completion,
    )
    assert swapped.question == rows[0].question
