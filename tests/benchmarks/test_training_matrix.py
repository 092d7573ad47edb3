"""The matrix of methods and objectives: what learns, what is refused, and that a failure is told and ends it with 1."""

import sys
from pathlib import Path

import pytest
import torch

from benchmarks import training_matrix
from benchmarks.training_matrix import Bench, Outcome, course, job_of, lacking, main, matrix, reason, table
from overtone.methods.method import Method
from overtone.objectives.classify import Classify
from overtone.objectives.grpo import Grpo
from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning, start


def run(monkeypatch: pytest.MonkeyPatch, out: Path, *objectives: str) -> int:
    given = ["--methods", "bitfit", "--families", "bert", "--objectives", *objectives, "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["training_matrix", *given])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_a_pair_learns_and_another_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(monkeypatch, tmp_path / "out.md", "classify", "sft") == 0
    told = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "| classify | learns |\n| sft | refused (1) |\n" in told
    assert "\n1. OBJECTIVE needs a base of kind decoder, and BASE is a(n) encoder: ...\n" in told
    assert "Of 2 pairs 1 learn, 1 are refused, 0 fail." in told


def test_an_error_that_nobody_foresaw_ends_it_with_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*given: object) -> None:
        raise ValueError("no such place\nin any line")

    monkeypatch.setattr(Classify, "loss", broken)
    assert run(monkeypatch, tmp_path / "out.md", "classify") == 1
    told = (tmp_path / "out.md").read_text(encoding="utf-8")
    assert "| classify | fails |" in told
    assert "- bitfit under classify fails: ValueError: no such place\n" in told


def test_a_loss_that_does_not_fall_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = [Validation(step, 4, {"loss": 1.0}, False, False) for step in range(4)]
    monkeypatch.setattr(training_matrix, "reports", lambda *given: flat)
    (found,) = matrix("bert", ["bitfit"], ["classify"]).values()
    assert found == Outcome("fails", "1 to 1")


def test_losses_have_to_fall_by_quarters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    losses = [Validation(place, 4, {"loss": 4.0 - place}, True, False) for place in range(4)]
    monkeypatch.setattr(
        training_matrix, "reports", lambda *given: [Step(1, 4, 9.0, 1.0, 1.0, 1, 1, {}), *losses]
    )
    bench = Bench("bert", tmp_path)
    assert course(lambda: job_of(bench, Method.find("head")(), Classify()), tmp_path) == (4.0, 1.0)


def test_rewards_of_an_unchanged_model_are_equal_and_of_a_changed_one_are_not(tmp_path: Path) -> None:
    def made() -> Tuning:
        return job_of(Bench("llama", tmp_path), Method.find("lora")(), Grpo(max_tokens=2))

    job = made()
    artifact = start(job, Grpo())
    before = lacking(job, artifact)
    assert before == lacking(made(), start(made(), Grpo())) and 0 < before < 1
    for weight in artifact.learner.parameters():
        weight.data += weight.requires_grad * torch.randn_like(weight)
    assert lacking(job, artifact) != before


def test_equal_reasons_are_told_once() -> None:
    names = {"lora": "METHOD", "sft": "OBJECTIVE"}
    told = reason("stages[0].method: 'lora' is nothing for 'sft': " + "word " * 20, names)
    assert told == "METHOD is nothing for OBJECTIVE: word word word word word word word ..."
    found = {("sft", "lora"): Outcome("refused", told), ("dpo", "lora"): Outcome("refused", told)}
    lines = table(found)
    assert lines[2:6] == ["| sft | refused (1) |", "| dpo | refused (1) |", "", f"1. {told}"]
