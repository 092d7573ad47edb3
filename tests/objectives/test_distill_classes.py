"""Distillation of classifiers: several labels, labels in another order, and teachers that do not fit."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from overtone.core.errors import UserError
from overtone.core.example import Example
from overtone.core.task import Task
from overtone.engine.taught import Teacher
from overtone.models.base import load_base
from overtone.objectives.distill_classes import DistillClasses
from overtone.train.artifact import make_learner
from tests.objectives.taught import teacher_of

LABELS = ("a", "b", "c")
EXAMPLES = [Example("1", text="one", labels=("a",)), Example("2", text="another one", labels=("b", "c"))]
TASK = Task.model_validate({"name": "classify", "multi_label": True})


def test_each_of_several_labels_is_a_choice_between_two_outcomes(small_base):
    base = load_base(str(small_base("bert")))
    objective = DistillClasses(teacher="t", temperature=2.0, weight=0.6)
    rows = [objective.row(example, base, TASK, LABELS) for example in EXAMPLES]
    rows = objective.taught(rows, base, teacher_of(base, LABELS), TASK, LABELS)
    learner = make_learner(base, base.model, LABELS, 0.0, 0).eval()
    loss = objective.loss(learner, rows, TASK)
    student = torch.cat([learner.logits([row.tokens]) for row in rows])
    teacher = torch.cat([teacher_of(base, LABELS).load()[1].logits([row.tokens]) for row in rows]).detach()
    p, q = (teacher / 2).sigmoid(), (student / 2).sigmoid()
    soft = 4 * (p * (p / q).log() + (1 - p) * ((1 - p) / (1 - q)).log()).sum()
    targets = torch.tensor([row.targets for row in rows])
    hard = binary_cross_entropy_with_logits(student, targets, reduction="sum")
    assert loss.total.item() == pytest.approx((0.6 * soft + 0.4 * hard).item(), rel=1e-4)
    assert loss.sums["distance"] == pytest.approx(soft.item(), rel=1e-3)


def test_a_teacher_may_know_the_labels_in_another_order_and_read_other_tokens(small_base):
    base = load_base(str(small_base("bert")))
    objective = DistillClasses(teacher="t")
    rows = [objective.row(example, base, TASK, LABELS) for example in EXAMPLES]
    teacher = teacher_of(base, LABELS)
    turned = Teacher("t", teacher.kind, teacher.tokenizer, LABELS[::-1], teacher.load)
    straight, other = (objective.taught(rows, base, one, TASK, LABELS) for one in (teacher, turned))
    assert torch.equal(straight[0].said, other[0].said.flip(-1))
    lone = objective.taught(rows[:1], base, teacher, TASK, LABELS)
    torch.testing.assert_close(lone[0].said, straight[0].said)
    assert objective.taught([], base, teacher, TASK, LABELS) == []


def test_a_teacher_of_other_labels_or_of_none_is_refused(small_base):
    base = load_base(str(small_base("bert")))
    objective = DistillClasses(teacher="runs/x")
    objective.check_teacher(teacher_of(base, LABELS), base, LABELS)
    with pytest.raises(UserError, match="not tuned to tell labels apart"):
        objective.check_teacher(teacher_of(base), base, LABELS)
    for labels in (("a", "b"), ("a", "b", "c", "d")):
        with pytest.raises(UserError, match="same labels"):
            objective.check_teacher(teacher_of(base, labels), base, LABELS)
