"""Between two stages: an adapter goes on learning, or is merged into the base; what comes out stands alone."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.engine.column import as_before, columns_of
from overtone.engine.learner import Learner
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried, check_carries
from overtone.train.stage import Carry, Stage
from overtone.train.tune import Tuning, objective_of, start, tune
from tests.train.rows import tuning

SmallBase = Callable[[str], Path]
SEQUENCES = [[1, 30, 31, 32, 2], [1, 50, 2], [1, 60, 61, 62, 63, 64, 65, 2]]
LORA = {"name": "lora", "rank": 4}
QUICK: dict[str, Any] = {"epochs": 1, "batch_rows": 8, "checkpoint_steps": 50}
CONTINUED = ["lora", "full", "adapter", "bitfit", "norms", "ia3", "head", "column"]


def trained(job: Tuning, folder: Path) -> Artifact:
    """Train to the end."""
    reports: Iterator[Any] = tune(job, folder / "checkpoints", folder / job.stage.method.folder)
    while True:
        try:
            next(reports)
        except StopIteration as done:
            artifact: Artifact = done.value
            return artifact


def stage(method: Any, **settings: Any) -> dict[str, Any]:
    return {"method": method, **QUICK, **settings}


def followed(
    small_base: SmallBase, model: str, task: str, settings: dict[str, Any], folder: Path, how: Carry
) -> Tuning:
    """The next stage, from the artifact in a folder."""
    job, carried = tuning(small_base, model, task, settings), Carried(folder, how)
    return replace(job, base=carried.base(job.stage.precision), carried=carried)


def features(artifact: Artifact) -> torch.Tensor:
    with torch.no_grad():
        return artifact.learner.eval().features(SEQUENCES)


@pytest.mark.parametrize("method", CONTINUED)
def test_what_goes_on_begins_where_the_stage_before_ended(
    small_base: SmallBase, tmp_path: Path, method: str
) -> None:
    first = trained(tuning(small_base, "bert", "classify", stage(method)), tmp_path)
    job = followed(
        small_base, "bert", "classify", stage(method), tmp_path / first.card.method.folder, "continue"
    )
    begun = start(job, objective_of(job))
    assert torch.equal(features(begun), features(first))
    head = first.learner.head
    assert head is not None and begun.learner.head is not None
    assert all(map(torch.equal, head.parameters(), begun.learner.head.parameters()))


@pytest.mark.parametrize("second", ["lora", "full"])
def test_a_model_merged_into_the_base_stands_alone_in_any_place(
    small_base: SmallBase, tmp_path: Path, second: str
) -> None:
    first = trained(tuning(small_base, "llama", "answer", stage(LORA)), tmp_path / "first")
    job = followed(small_base, "llama", "answer", stage(second), tmp_path / "first" / "adapter", "merge")
    assert torch.allclose(features(start(job, objective_of(job))), features(first), atol=1e-5)
    job = followed(small_base, "llama", "answer", stage(second), tmp_path / "first" / "adapter", "merge")
    last = trained(job, tmp_path / "second")
    expected = features(last)
    shutil.rmtree(tmp_path / "first")
    moved = tmp_path / "moved"
    (tmp_path / "second" / job.stage.method.folder).rename(moved)
    assert torch.equal(features(load_artifact(moved)), expected)


@pytest.mark.parametrize(
    ("method", "how"), [(LORA, "continue"), (LORA, "merge"), ("full", "continue"), ("column", "continue")]
)
def test_rewards_are_measured_against_the_stage_before(
    small_base: SmallBase, tmp_path: Path, method: Any, how: Carry
) -> None:
    """At its start each answer is exactly as likely as under the reference, so no reward differs from 0."""
    first = trained(tuning(small_base, "llama", "answer", stage(method)), tmp_path / "first")
    place = tmp_path / "first" / first.card.method.folder
    job = followed(small_base, "llama", "prefer", stage(method, learning_rate=0.0), place, how)
    last = trained(job, tmp_path / "second")
    questions = [row.question for row in job.validation[:4]]
    answers = last.system().answer(questions)
    shutil.rmtree(tmp_path / "first")
    again = load_artifact(tmp_path / "second" / last.card.method.folder).system().answer(questions)
    for answer in (*answers, *again):
        assert list((answer.probabilities or {}).values()) == pytest.approx([0.5, 0.5], abs=1e-6)


def test_the_lineage_names_every_training_with_its_rows(small_base: SmallBase, tmp_path: Path) -> None:
    trained(tuning(small_base, "llama", "answer", stage(LORA)), tmp_path / "first")
    job = followed(small_base, "llama", "prefer", stage("full"), tmp_path / "first" / "adapter", "merge")
    trained(job, tmp_path / "second")
    card = load_artifact(tmp_path / "second" / "model").card
    first, last = card.history
    assert (first.task.name, first.method.name, first.rows) == ("answer", "lora", 120)
    assert (last.task.name, last.method.name) == ("prefer", "full")
    assert first.rows_sha256 != last.rows_sha256 and len(last.rows_sha256) == 64
    assert first.base == str(small_base("llama"))
    assert last.base.endswith("start")  # dpo measures against it


def turned(job: Tuning) -> Tuning:
    """Another task over the same texts: whether a word stands early in one, under labels of its own."""
    rows = [
        [
            replace(row, labels=("early" if (row.text or "").startswith(row.labels) else "late",))
            for row in part
        ]
        for part in (job.train, job.validation)
    ]
    return replace(job, labels=("early", "late"), train=rows[0], validation=rows[1])


@pytest.mark.parametrize("model_type", ["bert", "llama"])
def test_each_task_has_a_column_and_the_earlier_ones_stay_to_the_bit(
    small_base: SmallBase, tmp_path: Path, model_type: str
) -> None:
    """Three stages one after another: what was saved last still answers each task as its own stage left it."""
    settings, kept = stage("column", learning_rate=0.01), []
    job = tuning(small_base, model_type, "classify", settings)
    for number in range(3):
        kept.append(trained(job, tmp_path / str(number)))
        job = followed(
            small_base, model_type, "classify", settings, tmp_path / str(number) / "adapter", "continue"
        )
        job = turned(job) if number == 0 else job
    last = load_artifact(tmp_path / "2" / "adapter")
    assert [len(columns_of(one.base.model)) for one in (*kept, last)] == [1, 2, 3, 3]
    assert [(one.method.name, one.labels) for one in last.card.history] == [
        ("column", one.card.labels) for one in kept
    ]
    for one in kept:
        again = replace(last.base, model=as_before(last.base.model, one.base.model))
        learner = Learner(again.model, one.learner.head, one.learner.pooling, one.learner.name).eval()
        with torch.no_grad():
            assert torch.equal(learner.logits(SEQUENCES), one.learner.eval().logits(SEQUENCES))
    assert not torch.allclose(features(kept[0]), features(kept[1]), atol=1e-3)
    first = load_artifact(tmp_path / "0" / "adapter")
    assert torch.equal(features(first), features(kept[0]))


def stages(*described: Any) -> list[Stage]:
    return [Stage.model_validate(one) for one in described]


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ([{"method": "lora", "carry": "merge"}], r"stages\[0\].carry: no stage stands before the first"),
        (
            [{"method": "lora"}, {"method": LORA, "carry": "continue"}],
            r"stages\[1\].carry: 'lora' cannot go on with what 'lora' learned, unless both have the same settings",
        ),
        (
            [{"method": "prompt"}, {"method": "full", "carry": "merge"}],
            r"stages\[1\].carry: what 'prompt' learns cannot be merged",
        ),
        (
            [{"method": "column"}, {"method": "column", "carry": "merge"}],
            r"stages\[1\].carry: what 'column' learns cannot be merged",
        ),
        (
            [{"method": "column"}, {"method": "column", "carry": "continue", "curriculum": "rehearsal"}],
            r"stages\[1\].curriculum: what 'column' learned for earlier stages stays as it is, so that 'rehearsal'",
        ),
    ],
)
def test_what_cannot_be_carried_on_is_refused(described: list[Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        check_carries(stages(*described))


def test_a_folded_encoder_cannot_learn_on(small_base: SmallBase, tmp_path: Path) -> None:
    first = trained(tuning(small_base, "llama", "answer", stage("p_tuning")), tmp_path)
    job = followed(
        small_base, "llama", "answer", stage("p_tuning"), tmp_path / first.card.method.folder, "continue"
    )
    with pytest.raises(UserError, match="'p_tuning' keeps only what it needs to answer"):
        start(job, objective_of(job))
