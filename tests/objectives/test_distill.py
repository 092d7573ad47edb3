"""Distillation of decoders: against the full distribution, by temperature, and across tokenizers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy, kl_div

from overtone.core.answer import Answer
from overtone.core.errors import UserError
from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.engine.learner import Learner
from overtone.engine.taught import Teacher
from overtone.generate.writer import Writer
from overtone.models.base import load_base
from overtone.objectives.distill import Distill
from overtone.objectives.distill_answers import DistillAnswers
from overtone.objectives.distill_universal import DistillUniversal
from tests.objectives.taught import logits_of, other_base, targets_of, teacher_of

SmallBase = Callable[[str], Path]
TASK = Task.model_validate("answer")
EXAMPLES = [
    Example(str(size), messages=(Message("user", "hi"), Message("assistant", "ho " * size)))
    for size in (2, 5)
]


def loss_of(small_base: SmallBase, objective, model_type="llama"):
    base = load_base(str(small_base(model_type)))
    rows = [objective.row(example, base, TASK, ()) for example in EXAMPLES]
    rows = objective.taught(rows, base, teacher_of(base), TASK, ())
    return base, rows, objective.loss(Learner(base.model).eval(), rows, TASK)


def full(base, rows, temperature):
    """Distances over the whole vocabulary, softened, and cross-entropies."""
    other = other_base(str(base.description.folder))
    soft = hard = 0.0
    for row in rows:
        student = logits_of(base, row)
        with torch.no_grad():
            teacher = logits_of(other, row)
        soft += kl_div(
            (student / temperature).log_softmax(-1),
            (teacher / temperature).log_softmax(-1),
            reduction="sum",
            log_target=True,
        ).item()
        hard += cross_entropy(student, targets_of(row), reduction="sum").item()
    return soft, hard


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_with_the_whole_vocabulary_it_is_the_distance_from_the_full_distribution(small_base, temperature):
    """Hinton et al.: T squared times the distance of the softened probabilities."""
    objective = Distill(teacher="t", k=10**6, temperature=temperature, weight=0.75)
    base, rows, loss = loss_of(small_base, objective)
    soft, hard = full(base, rows, temperature)
    assert rows[0].said.shape[-1] == 262
    assert loss.sums["distance"] == pytest.approx(temperature**2 * soft, rel=1e-4)
    assert loss.total.item() == pytest.approx(0.75 * temperature**2 * soft + 0.25 * hard, rel=1e-4)


def test_fewer_tokens_see_less_of_the_distance_and_more_of_them_more(small_base):
    found = [
        loss_of(small_base, Distill(teacher="t", k=k, weight=1))[2].total.item() for k in (1, 16, 128, 261)
    ]
    base, rows, _ = loss_of(small_base, Distill(teacher="t"))
    assert found == sorted(found)
    assert found[-1] == pytest.approx(full(base, rows, 1)[0], rel=1e-3)


def test_a_student_that_is_its_teacher_has_nothing_to_learn_from_it(small_base):
    base = load_base(str(small_base("llama")))
    learner = Learner(base.model).eval()
    same = Teacher("same", "decoder", base.tokenizer, (), lambda: (base, learner))
    for objective in (
        Distill(teacher="t", weight=1),
        Distill(teacher="t", weight=1, divergence="jensen_shannon"),
    ):
        rows = [objective.row(example, base, TASK, ()) for example in EXAMPLES]
        loss = objective.loss(learner, objective.taught(rows, base, same, TASK, ()), TASK)
        assert loss.total.item() == pytest.approx(0, abs=1e-4)


def test_a_teacher_with_other_tokens_is_refused_and_the_way_out_is_named(small_base):
    base = load_base(str(small_base("llama")))
    other = load_base(str(small_base("gpt2"))).tokenizer
    other.add_tokens(["a new word"])
    teacher = Teacher("t", "decoder", other, (), lambda: (base, Learner(base.model)))
    with pytest.raises(UserError, match="distill_answers"):
        Distill(teacher="t").check_teacher(teacher, base, ())
    DistillUniversal(teacher="t").check_teacher(teacher, base, ())
    with pytest.raises(UserError, match="is a\\(n\\) encoder"):
        DistillAnswers(teacher="t").check_teacher(replace(teacher, kind="encoder"), base, ())


def test_ranks_are_compared_for_as_long_as_both_answers_last(small_base):
    """A place where the teacher has ended adds nothing, and its gradient is finite."""
    objective = DistillUniversal(teacher="t", weight=2.0, k=262)
    base, rows, whole = loss_of(small_base, objective)
    nothing = replace(rows[0], said=torch.full_like(rows[0].said, float("nan")))
    loss = objective.loss(Learner(base.model).eval(), [nothing], TASK)
    hard = cross_entropy(logits_of(base, rows[0]), targets_of(rows[0]), reduction="sum").item()
    assert loss.total.item() == pytest.approx(hard, rel=1e-5)
    assert loss.sums["distance"] == 0
    gradient = torch.autograd.grad(loss.total, list(base.model.parameters()), allow_unused=True)
    assert all(one is None or one.isfinite().all() for one in gradient)
    assert whole.sums["distance"] > 0


def test_answers_that_the_teacher_writes_stand_for_the_rows_own(small_base, monkeypatch):
    base = load_base(str(small_base("llama")))
    told = [Answer(text="told"), Answer(text="cut", finish="length")]
    monkeypatch.setattr(Writer, "answer", lambda self, questions: told)
    objective = DistillAnswers(teacher="t")
    rows = [objective.row(example, base, TASK, ()) for example in EXAMPLES]
    (row,) = objective.taught(rows, base, teacher_of(base), TASK, ())
    kept = [token for token, wanted in zip(row.tokens, row.learned, strict=True) if wanted]
    assert base.tokenizer.decode(kept) == "told<|end|>"
    told[0] = Answer(error="too long")
    with pytest.raises(UserError, match="no whole answer"):
        objective.taught(rows, base, teacher_of(base), TASK, ())
