"""The loop learns, weighs what is supervised, stops early, and refuses what cannot be trained."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from overtone.core.errors import RunFailed, UserError
from overtone.core.example import Example, Message
from overtone.engine.layout import Layout
from overtone.train import loop
from overtone.train.artifact import load_artifact
from overtone.train.report import Step, Validation
from overtone.train.tune import Tuning, tune
from tests.train.rows import labelled, tuning

SmallBase = Callable[[str], Path]
FAST = {"method": "full", "epochs": 12, "batch_rows": 8, "learning_rate": 3e-3}


def train(job: Tuning, folder: Path) -> list[Step | Validation]:
    reports = tune(job, folder / "checkpoints", folder / "artifact")
    return [report for report in reports if isinstance(report, Step | Validation)]


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_a_classifier_learns_and_answers(small_base: SmallBase, tmp_path: Path, model_type: str) -> None:
    drawn = {**FAST, "objective": {"name": "classify", "head_start": "random"}}
    found = train(tuning(small_base, model_type, "classify", drawn), tmp_path)
    assert found[0].loss == pytest.approx(torch.log(torch.tensor(3.0)).item(), abs=0.05)  # type: ignore[union-attr]
    fresh = labelled(40, 5)
    answers = load_artifact(tmp_path / "artifact").system().answer([row.question for row in fresh])
    right = sum(answer.label == row.labels[0] for row, answer in zip(fresh, answers, strict=True))
    assert right >= 36
    assert all(sum((answer.probabilities or {}).values()) == pytest.approx(1) for answer in answers)


def test_a_writer_learns_to_answer_and_to_end(small_base: SmallBase, tmp_path: Path) -> None:
    train(tuning(small_base, "llama", "answer", {**FAST, "epochs": 16}), tmp_path)
    fresh = labelled(30, 5)
    questions = [replace(row, text="", messages=(Message("user", row.text),)).question for row in fresh]
    answers = load_artifact(tmp_path / "artifact").system().answer(questions)
    assert sum(answer.text == row.labels[0] for row, answer in zip(fresh, answers, strict=True)) >= 24
    assert {answer.finish for answer in answers} == {"stop"}


def test_several_labels_are_learned_each_by_itself(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", {**FAST, "epochs": 12})
    both = [
        replace(one, text=f"{one.text} {two.text}", labels=tuple({*one.labels, *two.labels}))
        for one, two in zip(labelled(120, 2), labelled(120, 3), strict=True)
    ]
    train(replace(job, task=job.task.model_copy(update={"multi_label": True}), train=both[:100]), tmp_path)
    answers = load_artifact(tmp_path / "artifact").system().answer([row.question for row in both[100:]])
    exact = sum(
        set(answer.labels()) == set(row.labels) for row, answer in zip(both[100:], answers, strict=True)
    )
    assert exact >= 15


def test_a_step_is_the_same_however_it_is_cut(small_base: SmallBase, tmp_path: Path) -> None:
    """Answers of very different length, so that a mean of means would differ; eight rows a step, then a short one."""
    rows = [
        Example(id=str(size), messages=(Message("user", f"go {size}"), Message("assistant", "a b " * size)))
        for size in (1, 2, 9, 20, 3, 7, 4, 14, 6, 5, 10)
    ]
    cuts = [(8, 1, 16384), (4, 2, 16384), (1, 8, 16384), (8, 1, 30)]  # the last by tokens
    losses = []
    for batch, accumulate, tokens in cuts:
        stage = {"method": "full", "epochs": 3, "batch_rows": batch, "accumulate": accumulate}
        job = tuning(small_base, "llama", "answer", {**stage, "batch_tokens": tokens})
        found = train(replace(job, train=rows, validation=[]), tmp_path / f"{batch}x{accumulate}-{tokens}")
        losses.append([report.loss for report in found if isinstance(report, Step)])
    assert len(losses[0]) == 6
    for cut in losses[1:]:
        assert cut == pytest.approx(losses[0], abs=1e-5)


@pytest.mark.parametrize(("seconds", "times"), [(-1.0, 8), (3600.0, 0)])
def test_freed_memory_is_given_back_every_so_many_seconds(
    small_base: SmallBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, times: int
) -> None:
    given: list[None] = []
    monkeypatch.setattr(loop, "GIVE_BACK", seconds)
    monkeypatch.setattr(loop, "give_back_freed", lambda: given.append(None))
    told = train(tuning(small_base, "bert", "classify", {"method": "lora", "epochs": 1}), tmp_path)
    assert sum(isinstance(one, Step) for one in told) == 8
    assert len(given) == times


def test_training_stops_when_patience_has_run_out(small_base: SmallBase, tmp_path: Path) -> None:
    stage = {**FAST, "epochs": 50, "patience": 1, "learning_rate": 1e-9, "head_learning_rate": 1e-9}
    found = train(tuning(small_base, "bert", "classify", stage), tmp_path)
    last = found[-1]
    assert isinstance(last, Validation) and last.stops
    assert last.step < last.steps


def test_body_and_head_have_rates_of_their_own(small_base: SmallBase, tmp_path: Path) -> None:
    from overtone.train.optimizer import make_optimizer, set_factor
    from overtone.train.tune import objective_of, start

    job = tuning(
        small_base, "bert", "classify", {"method": "full", "learning_rate": 0.5, "head_learning_rate": 0.25}
    )
    learner = start(job, objective_of(job)).learner
    optimizer = make_optimizer(learner, job.stage)
    set_factor(optimizer, 0.5)
    rates = {id(weight): group["lr"] for group in optimizer.param_groups for weight in group["params"]}
    assert learner.head is not None
    assert {rates[id(weight)] for weight in learner.head.parameters()} == {0.125}
    assert {rates[id(weight)] for weight in learner.body.parameters()} == {0.25}


def test_a_loss_that_is_no_number_stops_before_the_update(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", FAST)
    with torch.no_grad():
        job.base.model.embeddings.LayerNorm.weight[0] = float("nan")
    with pytest.raises(RunFailed, match="training stopped before step 1: loss nan"):
        train(job, tmp_path)
    assert not (tmp_path / "artifact").exists()


def test_rows_over_the_context_are_counted_before_training(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", FAST)
    long = Example(id="long", text="x" * 500, labels=("sun",), source="rows.csv:61")
    said = r"1 of 121 training rows are longer than the 128 tokens .* \(the longest, rows.csv:61, has 502\)"
    with pytest.raises(UserError, match=said):
        train(replace(job, train=[*job.train, long]), tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_method_that_leaves_nothing_to_learn_is_refused(small_base: SmallBase, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="'head' leaves nothing to learn under the objective 'sft'"):
        train(tuning(small_base, "llama", "answer", {"method": "head"}), tmp_path)


def test_an_objective_that_does_not_fit_is_refused(small_base: SmallBase, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"'causal' needs a base of kind decoder, and .* is a\(n\) encoder"):
        train(tuning(small_base, "bert", "classify", {"objective": "causal"}), tmp_path)
    with pytest.raises(UserError, match="'sft' does not train for the task 'classify'"):
        train(tuning(small_base, "llama", "classify", {"objective": "sft"}), tmp_path)


def test_a_changed_base_is_noticed(small_base: SmallBase, tmp_path: Path) -> None:
    from tests.small import edit_json, write_base

    folder = write_base(tmp_path / "base", "bert")
    job = tuning(lambda _: folder, "bert", "classify", {"method": "lora", "epochs": 0.1})
    train(job, tmp_path)
    edit_json(folder / "tokenizer_config.json", model_max_length=64)
    with pytest.raises(UserError, match="whose files have changed since"):
        load_artifact(tmp_path / "artifact")


def test_a_training_tells_its_layout(small_base: SmallBase, tmp_path: Path) -> None:
    job = tuning(small_base, "bert", "classify", {**FAST, "epochs": 0.1})
    told = [report for report in tune(job, tmp_path / "c", tmp_path / "a") if isinstance(report, Layout)]
    assert [layout.name for layout in told] == ["flat"]
