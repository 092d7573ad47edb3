"""Several tasks in one training, each under its own head: the loss, the noises, what is kept, resumed to the bit."""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.train.artifact import Artifact, load_artifact
from overtone.train.carry import Carried
from overtone.train.earlier import Earlier
from overtone.train.joined import Joined, joined
from overtone.train.loop import evaluate_rows
from overtone.train.optimizer import make_optimizer
from overtone.train.report import Again, Step, Validation
from overtone.train.shared import SharedLearner, TaskRows
from overtone.train.tune import Tuning, make_rows, objective_of, start, task_parts, tune
from tests.train.rows import WORDS, labelled, tuning
from tests.train.test_carry import stage, trained

SmallBase = Callable[[str], Path]
LENGTHS = ("long", "short")


def sized(count: int, seed: int) -> list[Example]:
    """Another task on such texts: whether they are long."""
    return [
        replace(row, labels=(LENGTHS[len(row.text.split()) < 4],), references=())
        for row in labelled(count, seed)
    ]


def numbered(count: int, seed: int) -> list[Example]:
    """A number for each text."""
    return [replace(row, labels=(str(len(row.text.split())),)) for row in labelled(count, seed)]


def tagged(count: int, seed: int) -> list[Example]:
    """A tag for each word."""
    tags = {word: f"B-{word.upper()}" for word in WORDS}
    return [
        replace(row, labels=tuple(tags.get(word, "O") for word in row.text.split()))
        for row in labelled(count, seed)
    ]


ROWS: dict[str, Any] = {"size": ("classify", LENGTHS, sized), "words": ("regress", (), numbered)}
ROWS["tags"] = ("tag", (), tagged)


def mixed(
    small_base: SmallBase, names: tuple[str, ...] = ("size", "words"), model: str = "bert", **settings: Any
) -> Tuning:
    """Which word a text holds, and further tasks."""
    files = {name: {"task": ROWS[name][0], "data": "rows.csv"} for name in names}
    curriculum = {"name": "mix", "tasks": files, "own_name": "word", **settings.pop("curriculum", {})}
    method = settings.pop("method", "full")
    job = tuning(small_base, model, "classify", stage(method, curriculum=curriculum, **settings))
    tasks = [
        TaskRows(
            name,
            Task.model_validate(ROWS[name][0]),
            ROWS[name][1],
            ROWS[name][2](60, 5),
            ROWS[name][2](20, 6),
        )
        for name in names
    ]
    return replace(job, tasks=tasks)


def whole_of(job: Tuning) -> tuple[Artifact, Joined]:
    objective = objective_of(job)
    artifact = start(job, objective)
    rows = make_rows(job, objective, job.train, "training")
    validation = make_rows(job, objective, job.validation, "validation")
    parts = task_parts(job, artifact, objective, rows, validation)
    artifact.learner.eval()
    return artifact, joined(job.stage, artifact, objective, rows, (), 0, parts)


def under(artifact: Artifact, name: str) -> Learner:
    assert isinstance(artifact.learner, SharedLearner)
    return artifact.learner.under(name)


def still(artifact: Artifact) -> None:
    """Training mode without dropout, so that two forward passes are the same."""
    artifact.learner.train()
    for module in artifact.learner.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


def test_the_loss_is_that_of_each_row_under_the_head_of_its_task(small_base: SmallBase) -> None:
    job = mixed(small_base)
    artifact, whole = whole_of(job)
    still(artifact)
    own, sizes, words = whole.rows[:3], whole.rows[120:122], whole.rows[180:184]
    found = whole.objective.loss(artifact.learner, [words[0], *own, *sizes, *words[1:]], job.task)
    wanted = objective_of(job).loss(artifact.learner, own, job.task).total
    for name, rows, one in zip(("size", "words"), (sizes, words), job.tasks, strict=True):
        wanted = wanted + one.objective("encoder").loss(under(artifact, name), rows, one.task).total
    assert found.units == 9 and torch.allclose(found.total, wanted, atol=1e-4)


def test_noises_weigh_as_the_paper_says(small_base: SmallBase) -> None:
    """Kendall et al. 2018, equations 7 and 10: L / s^2 + log s where classified, L / (2 s^2) + log s for numbers."""
    job = mixed(small_base, curriculum={"uncertainty": True})
    artifact, whole = whole_of(job)
    still(artifact)
    learner = artifact.learner
    assert isinstance(learner, SharedLearner) and learner.log_variances is not None
    learner.log_variances.data.copy_(torch.tensor([2 * math.log(2), 0.0, 2 * math.log(3)]))  # sigma 2, 1, 3
    own, words = whole.rows[:2], whole.rows[180:183]
    found = whole.objective.loss(learner, [*own, *words], job.task)
    one = job.tasks[1]
    first = objective_of(job).loss(learner, own, job.task).total
    second = one.objective("encoder").loss(under(artifact, "words"), words, one.task).total
    wanted = first / 4 + 2 * math.log(2) + second / 18 + 3 * math.log(3)
    assert torch.allclose(found.total, wanted, atol=1e-4)
    assert learner.deviations == pytest.approx((2, 1, 3))
    assert found.sums["words noise"] == pytest.approx(3 * 5)


def test_noises_have_their_own_rate_and_no_decay(small_base: SmallBase) -> None:
    settings = {"uncertainty": True, "uncertainty_rate": 0.07}
    artifact, _ = whole_of(job := mixed(small_base, curriculum=settings))
    assert isinstance(artifact.learner, SharedLearner)
    groups = make_optimizer(artifact.learner, job.stage).param_groups
    (own,) = [group for group in groups if artifact.learner.log_variances in set(group["params"])]
    assert (own["rate"], own["weight_decay"], len(own["params"])) == (0.07, 0.0, 1)
    heads = {id(weight) for weight in artifact.learner.heads.parameters()}
    assert all(
        group["rate"] == job.stage.head_learning_rate
        for group in groups
        for weight in group["params"]
        if id(weight) in heads
    )


def test_a_row_counts_alike_however_many_words_are_asked(small_base: SmallBase) -> None:
    job = mixed(small_base, ("tags",))
    artifact, whole = whole_of(job)
    still(artifact)
    tags = whole.rows[120:]
    units = sum(row.units for row in whole.rows)
    own = whole.objective.loss(artifact.learner, whole.rows[:120], job.task).total / units
    others = whole.objective.loss(artifact.learner, tags, job.task).total / units
    kind = job.tasks[0].objective("encoder").loss(under(artifact, "tags"), tags, job.tasks[0].task)
    plain = objective_of(job).loss(artifact.learner, whole.rows[:120], job.task).total / 120
    assert own.item() == pytest.approx(plain.item() * 120 / 180, rel=1e-4)
    assert others.item() == pytest.approx(kind.total.item() / kind.units * 60 / 180, rel=1e-4)


def test_a_validation_tells_each_task_and_is_as_good_as_their_mean(small_base: SmallBase) -> None:
    job = mixed(small_base)
    artifact, whole = whole_of(job)
    objective = objective_of(job)
    rows = [*make_rows(job, objective, job.validation, "validation")]
    parts = task_parts(job, artifact, objective, list(whole.rows[:120]), rows)
    whole = joined(job.stage, artifact, objective, whole.rows[:120], (), 0, parts)
    means = evaluate_rows(artifact.learner, whole.objective, job.task, [*rows, *whole.validation])
    own = evaluate_rows(artifact.learner, objective, job.task, rows)
    size = job.tasks[0].objective("encoder")
    other = evaluate_rows(under(artifact, "size"), size, job.tasks[0].task, parts[1].validation)
    assert means["word loss"] == pytest.approx(own["loss"], rel=1e-5)
    assert means["accuracy"] == means["word accuracy"] == pytest.approx(own["accuracy"])
    assert means["size accuracy"] == pytest.approx(other["accuracy"])
    names = ("word loss", "size loss", "words loss")
    assert means["loss"] == pytest.approx(sum(means[name] for name in names) / 3, rel=1e-5)
    best = (means["word accuracy"] + means["size accuracy"] - means["words loss"]) / 3
    assert whole.objective.quality(means) == pytest.approx((best, -means["loss"]))


def test_all_tasks_are_learned_and_answered_by_name(small_base: SmallBase, tmp_path: Path) -> None:
    settings = {"epochs": 5, "learning_rate": 2e-3}
    job = mixed(small_base, ("size", "tags"), curriculum={"uncertainty": True}, **settings)
    trained(job, tmp_path)
    model = load_artifact(tmp_path / "model")
    rows = labelled(20, 1)
    questions = [row.question for row in rows]
    for name, wanted in (("word", WORDS), ("size", LENGTHS)):
        answers = model.under(name).system().answer(questions)
        assert set(answers[0].probabilities or {}) == set(wanted)
    assert [one.label for one in model.under("word").system().answer(questions)] == [
        row.labels[0] for row in rows
    ]
    tags = [(one.text or "").split() for one in model.under("tags").system().answer(questions)]
    right = [
        one == other
        for found, row in zip(tags, tagged(20, 1), strict=True)
        for one, other in zip(found, row.labels, strict=True)
    ]
    assert sum(right) > 0.8 * len(right)
    assert isinstance(model.learner, SharedLearner) and len(set(model.learner.deviations)) == 3


@pytest.mark.parametrize("merged", [False, True])
def test_an_adapter_keeps_its_heads_too(small_base: SmallBase, tmp_path: Path, merged: bool) -> None:
    job = mixed(small_base, epochs=0.5, method={"name": "lora", "rank": 2}, learning_rate=1e-2)
    kept = trained(job, tmp_path)
    found = load_artifact(tmp_path / "adapter", merged)
    questions = [row.question for row in labelled(8, 1)]
    for name in ("word", "size", "words"):
        now, before = (one.under(name).system().answer(questions) for one in (found, kept))
        assert [one.text for one in now] == [one.text for one in before] or merged
        for one, other in zip(now, before, strict=True):
            assert (one.probabilities or {}) == pytest.approx(other.probabilities or {}, abs=1e-5 * merged)


def test_an_unknown_task_is_refused_by_name(small_base: SmallBase) -> None:
    artifact, _ = whole_of(mixed(small_base))
    assert artifact.under("word") is artifact
    with pytest.raises(
        UserError, match=r"no task 'sizes': its tasks are word, size, words\. Did you mean 'size'"
    ):
        artifact.under("sizes")


def test_a_killed_mixture_goes_on_to_the_bit(small_base: SmallBase, tmp_path: Path) -> None:
    curriculum = {"uncertainty": True, "temperature": 2}
    settings = {"epochs": 1, "checkpoint_steps": 3, "accumulate": 2, "batch_rows": 8}

    def job() -> Tuning:
        return mixed(small_base, ("size", "tags"), curriculum=dict(curriculum), **settings)

    trained(job(), tmp_path / "oracle")
    steps = 0
    for report in tune(job(), tmp_path / "cut" / "checkpoints", tmp_path / "cut" / "model"):
        steps += isinstance(report, Step)
        if steps == 7:
            break
    trained(job(), tmp_path / "cut")
    for name in ("model.safetensors", "head.safetensors", "heads.safetensors"):
        found = [(tmp_path / place / "model" / name).read_bytes() for place in ("cut", "oracle")]
        assert found[0] == found[1]


def test_accumulated_passes_add_up_to_the_whole_step(small_base: SmallBase) -> None:
    gradients = []
    for cuts in (1, 3):
        job = mixed(small_base, ("words", "tags"), curriculum={"uncertainty": True})
        artifact, whole = whole_of(job)
        still(artifact)
        rows = [*whole.rows[:5], *whole.rows[120:124], *whole.rows[180:183]]
        units = sum(row.units for row in rows)
        for place in range(cuts):
            (whole.objective.loss(artifact.learner, rows[place::cuts], job.task).total / units).backward()
        gradients.append({name: one.grad for name, one in artifact.learner.named_parameters()})
    assert gradients[0]["log_variances"] is not None
    for name, one in gradients[0].items():
        other = gradients[1][name]
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert torch.allclose(one, other, atol=1e-5), name


def test_a_stage_before_hands_its_own_head_to_a_mixture(small_base: SmallBase, tmp_path: Path) -> None:
    trained(tuning(small_base, "bert", "classify", stage("full")), tmp_path)
    carried = Carried(tmp_path / "model", "continue")
    job = replace(mixed(small_base), base=carried.base("float32"), carried=carried)
    artifact, _ = whole_of(job)
    before = load_artifact(tmp_path / "model").learner.head
    assert before is not None and artifact.learner.head is not None
    assert torch.equal(artifact.learner.head[1].weight, before[1].weight)  # type: ignore[index]


@pytest.mark.parametrize("model_type", ["llama", "falcon"])
def test_a_decoder_labels_words_beside_its_own_task(
    small_base: SmallBase, model_type: str, tmp_path: Path
) -> None:
    rates = {"learning_rate": 1e-2, "head_learning_rate": 1e-2}
    job = mixed(small_base, ("tags",), model=model_type, epochs=4, **rates)
    trained(job, tmp_path)
    rows = tagged(20, 7)
    found = load_artifact(tmp_path / "model").under("tags").system().answer([row.question for row in rows])
    wanted = [tag for row in rows for tag in row.labels]
    given = [tag for answer in found for tag in (answer.text or "").split()]
    right = sum(one == other for one, other in zip(given, wanted, strict=True)) / len(wanted)
    assert right > 0.95 > max(Counter(wanted).values()) / len(wanted) + 0.1


def test_an_objective_without_a_head_has_no_tasks_beside_it(small_base: SmallBase) -> None:
    written = tuning(small_base, "llama", "answer", stage("full"))
    with pytest.raises(UserError, match="under the objective 'sft' the stage's own task has no head"):
        start(replace(written, tasks=mixed(small_base).tasks), objective_of(written))


def test_reports_tell_noises_and_every_tasks_validation(small_base: SmallBase, tmp_path: Path) -> None:
    job = mixed(small_base, ("size",), curriculum={"uncertainty": True}, epochs=0.2)
    reports = list(tune(job, tmp_path / "checkpoints", tmp_path / "model"))
    first = next(one for one in reports if isinstance(one, Step))
    assert first.means == pytest.approx({"word noise": 1.0, "size noise": 1.0})
    last = [one for one in reports if isinstance(one, Validation)][-1]
    assert {"size accuracy", "size loss", "word accuracy", "accuracy", "loss"} <= set(last.means)


def test_a_refit_learns_from_the_validation_rows_of_every_task(small_base: SmallBase, tmp_path: Path) -> None:
    job = mixed(small_base, refit=True, epochs=1)
    told = list(tune(job, tmp_path / "checkpoints", tmp_path / "model"))
    again = [one.report for one in told if isinstance(one, Again)]
    first = [one for one in told if isinstance(one, Step)]
    every = sum(len(part) for one in (job, *job.tasks) for part in (one.train, one.validation))
    assert again and all(isinstance(one, Step) for one in again)
    assert sum(one.units for one in again if isinstance(one, Step)) == every
    assert sum(one.units for one in first) == sum(len(one.train) for one in (job, *job.tasks))


def test_named_tasks_stand_in_place_of_the_rows_of_earlier_stages(
    small_base: SmallBase, tmp_path: Path
) -> None:
    first = tuning(small_base, "bert", "classify", stage("full"))
    trained(first, tmp_path / "first")
    before = Earlier(first.task, first.labels, first.train, tmp_path / "first" / "model")
    job = replace(mixed(small_base, epochs=1), earlier=(before,))
    told = list(tune(job, tmp_path / "checkpoints", tmp_path / "model"))
    learned = sum(one.units for one in told if isinstance(one, Step))
    assert learned == sum(len(one.train) for one in (job, *job.tasks))
