"""A student learns from a finished run: classes without labels of its own, tokens, answers; and texts with gaps."""

from dataclasses import replace

import pytest

from overtone.core.errors import UserError
from overtone.core.example import Example, Question
from overtone.core.task import Task
from overtone.engine.masked_scorer import MaskedScorer
from overtone.evaluate.statistics.wilson import wilson
from overtone.models.base import load_base
from overtone.objectives.distill import Distill
from overtone.objectives.distillation import Distillation
from overtone.plan import check_plan
from overtone.plan.ready import ready_plan
from overtone.train.artifact import load_artifact
from overtone.train.report import Remark, Validation
from overtone.train.stage import Stage
from overtone.train.teacher import find_teacher
from overtone.train.tune import Tuning, start, tune
from tests.small import write_base
from tests.train.rows import WORDS, labelled, tuning

FAST = {"method": "full", "epochs": 6, "batch_rows": 8, "learning_rate": 4e-3}


@pytest.fixture(scope="module")
def teacher(small_base, tmp_path_factory):
    """A run's folder with a classifier that tells the three words apart."""
    folder = tmp_path_factory.mktemp("run")
    job = tuning(small_base, "bert", "classify", FAST)
    list(tune(job, folder / "checkpoints", folder / "model"))
    return folder


def test_labels_that_are_wrong_by_lot_do_no_harm_to_a_student_of_a_good_teacher(
    small_base, teacher, tmp_path
):
    """Every label is replaced by the next one: what is right can come from the teacher alone."""
    objective = {"name": "distill_classes", "teacher": str(teacher), "weight": 1.0}
    job = tuning(small_base, "distilbert", "classify", {**FAST, "objective": objective})
    turned = [replace(row, labels=(WORDS[(WORDS.index(row.labels[0]) + 1) % 3],)) for row in job.train]
    reports = list(tune(replace(job, train=turned), tmp_path / "checkpoints", tmp_path / "model"))
    assert any(isinstance(one, Remark) and str(teacher) in one.text for one in reports)
    assert any("distance" in one.means for one in reports if isinstance(one, Validation))
    fresh = labelled(60, 9)
    student = load_artifact(tmp_path / "model").system()
    answers = student.answer([row.question for row in fresh])
    right = sum(answer.label == row.labels[0] for row, answer in zip(fresh, answers, strict=True))
    assert wilson(right, 60)[0] > 0.4, f"{right} of 60; a student of the labels would have about none"


def test_a_teacher_is_found_in_a_runs_folder_in_an_artifact_and_by_the_name_of_a_base(small_base, teacher):
    for folder in (teacher, teacher / "model"):
        found = find_teacher(str(folder))
        assert (found.kind, found.labels) == ("encoder", WORDS)
        assert found.load()[1].head is not None
    base = find_teacher(str(small_base("llama")))
    assert (base.kind, base.labels) == ("decoder", ())
    with pytest.raises(UserError, match="no base is called"):
        find_teacher("builtin:big")


def test_a_teacher_that_does_not_fit_is_refused_before_training(small_base, teacher):
    job = tuning(
        small_base, "llama", "answer", {**FAST, "objective": {"name": "distill", "teacher": str(teacher)}}
    )
    with pytest.raises(UserError, match="is a\\(n\\) encoder"):
        start(job, Distill(teacher=str(teacher)))


def test_a_students_tokens_follow_the_teachers(small_base, tmp_path):
    """The distance from the teacher falls, and the teacher's distribution is what it falls towards."""
    other = write_base(tmp_path / "other", "llama", seed=3)
    objective = {"name": "distill", "teacher": str(other), "weight": 1.0, "k": 300}
    job = tuning(small_base, "llama", "answer", {**FAST, "epochs": 3, "objective": objective})
    reports = list(tune(job, tmp_path / "checkpoints", tmp_path / "model"))
    found = [one.means["distance"] for one in reports if isinstance(one, Validation)]
    assert found[-1] < 0.7 * found[0]


def test_a_plan_finds_the_teacher_from_its_own_folder(teacher):
    plan = check_plan(
        {
            "task": "classify",
            "base": "builtin:minilm",
            "data": "rows.csv",
            "stages": [{"objective": {"name": "distill_classes", "teacher": teacher.name}}],
        }
    )
    objective = ready_plan(plan, teacher.parent).stages[0].objective
    assert isinstance(objective, Distillation) and objective.teacher == str(teacher.resolve())
    named = plan.stages[0].objective.model_copy(update={"teacher": "builtin:tiny"})  # type: ignore[union-attr]
    stage = plan.stages[0].model_copy(update={"objective": named})
    kept = ready_plan(plan.model_copy(update={"stages": [stage]}), teacher.parent).stages[0].objective
    assert kept.teacher == "builtin:tiny"  # type: ignore[union-attr]


def test_an_encoder_learns_hidden_words_and_comes_back_with_its_head(small_base, tmp_path):
    folder = write_base(tmp_path / "bert", "bert")
    base = load_base(str(folder))
    base.tokenizer.mask_token = "<|system|>"
    rows = [
        Example(str(number), text="abcabcabcabcabc"[number % 3 :], source=str(number)) for number in range(40)
    ]
    stage = Stage.model_validate({**FAST, "objective": "masked", "epochs": 15})
    job = Tuning(base, Task.model_validate("text"), (), rows[:32], rows[32:], stage, 0)
    generator = tune(job, tmp_path / "checkpoints", tmp_path / "model")
    reports = []
    while True:
        try:
            reports.append(next(generator))
        except StopIteration as done:
            artifact = done.value
            break
    losses = [one.means["loss"] for one in reports if isinstance(one, Validation)]
    assert losses[-1] < 0.6 * losses[0]
    assert any(isinstance(one, Remark) and "new one" in one.text for one in reports)
    again = load_artifact(tmp_path / "model").system()
    assert isinstance(again, MaskedScorer)
    asked = [Question("1", text="abcabcabc")]
    assert again.answer(asked)[0].text == artifact.system().answer(asked)[0].text
