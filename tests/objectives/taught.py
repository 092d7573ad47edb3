"""A teacher that differs from its student, and the plain formulas of what a student learns from it."""

from functools import cache

import torch
from torch.nn.functional import cross_entropy

from overtone.core.task import Task
from overtone.engine.row import Row
from overtone.engine.taught import Teacher
from overtone.models.base import Base, load_base
from overtone.objectives.distill_answers import DistillAnswers
from overtone.objectives.distillation import Distillation
from overtone.objectives.objective import Objective
from overtone.train.artifact import make_learner

NEEDED = {"teacher": "teacher"}


@cache
def other_base(folder: str) -> Base:
    """The base in a folder with other weights."""
    base = load_base(folder)
    torch.manual_seed(7)
    with torch.no_grad():
        for weight in base.model.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    return base


def teacher_of(base: Base, labels: tuple[str, ...] = ()) -> Teacher:
    """The teacher of a base: of the same shape, with other weights; with labels, a classifier."""
    other = other_base(str(base.description.folder))
    learner = make_learner(other, other.model, labels, 0.0, 5).eval()
    return Teacher("teacher", other.description.kind, other.tokenizer, labels, lambda: (other, learner))


def taught(part: Objective, rows: list[Row], base: Base, task: Task, labels: tuple[str, ...]) -> list[Row]:
    """The rows after the objective has asked its teacher; as they are where it has none, or where it would write."""
    if not isinstance(part, Distillation) or isinstance(part, DistillAnswers):
        return rows
    return part.taught(rows, base, teacher_of(base, labels if part.head else ()), task, labels)


def logits_of(base: Base, row: Row) -> torch.Tensor:
    """Full logits at the places that predict learned tokens: (units, vocabulary)."""
    if row.source:
        source, target = (
            torch.tensor([part]) for part in (row.tokens[: row.source], row.tokens[row.source :])
        )
        return base.model(input_ids=source, labels=target).logits[0]
    logits = base.model(input_ids=torch.tensor([row.tokens])).logits[0, :-1]
    return logits[torch.tensor(row.learned[1:])]


def targets_of(row: Row) -> torch.Tensor:
    return torch.tensor(row.tokens[1:])[torch.tensor(row.learned[1:])]


def plain_distill(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Half the KL divergence over the teacher's 64 likeliest tokens and all others as one, half cross-entropy."""
    student = logits_of(base, row)
    with torch.no_grad():
        teacher = logits_of(other_base(str(base.description.folder)), row).softmax(-1)
    chosen = teacher.topk(64).indices

    def outcomes(every: torch.Tensor) -> torch.Tensor:
        found = every.gather(1, chosen)
        return torch.cat([found, 1 - found.sum(1, keepdim=True)], 1)

    p, q = outcomes(teacher), outcomes(student.softmax(-1))
    soft = (p * (p / q).log()).sum()
    return (soft + cross_entropy(student, targets_of(row), reduction="sum")) / 2


def plain_distill_universal(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy and 1.5 times the distance of the 64 highest probabilities by rank; tokens are the same here."""
    student = logits_of(base, row)
    with torch.no_grad():
        teacher = logits_of(other_base(str(base.description.folder)), row).softmax(-1)
    ranks = student.softmax(-1).sort(descending=True).values - teacher.sort(descending=True).values
    return 1.5 * ranks[:, :64].abs().sum() + cross_entropy(student, targets_of(row), reduction="sum")


def plain_distill_answers(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy on the answers."""
    return cross_entropy(logits_of(base, row), targets_of(row), reduction="sum")


def plain_distill_classes(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Half the KL divergence over the labels, half cross-entropy, of one row alone."""
    logits = learner.logits([row.tokens])[0]  # type: ignore[operator]
    _, known = teacher_of(base, ("a", "b", "c")).load()
    with torch.no_grad():
        p = known.logits([row.tokens])[0].softmax(-1)
    soft = (p * (p.log() - logits.log_softmax(-1))).sum()
    return (soft + cross_entropy(logits[None], torch.tensor(row.targets).argmax()[None])) / 2


PLAIN = {
    "distill": plain_distill,
    "distill_answers": plain_distill_answers,
    "distill_classes": plain_distill_classes,
    "distill_universal": plain_distill_universal,
}
