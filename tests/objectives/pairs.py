"""Pairs whose answers have known log-probabilities, and their loss."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from overtone.core.task import Task
from overtone.engine import totals
from overtone.engine.learner import Learner
from overtone.engine.loss import Loss
from overtone.engine.row import Row
from overtone.objectives.preference import Preference

TASK = Task.model_validate("prefer")


def answer(length: int = 1, reference: float = 0.0) -> Row:
    """One token of prompt and an answer of this many tokens, which the base found this likely."""
    return Row((1, *range(2, 2 + length)), (False,) + (True,) * length, reference=reference)


def pair(chosen: Row, rejected: Row) -> Row:
    """The two in one row."""
    return replace(chosen, rejected=rejected)


def loss_of(
    monkeypatch: pytest.MonkeyPatch, objective: Preference, rows: Sequence[Row], known: Sequence[float]
) -> tuple[Loss, Tensor]:
    """The loss of rows of whose answers, in turn, the log-probabilities are known; and these."""
    values = torch.tensor([float(number) for number in known], requires_grad=True)
    place = {id(one): index for index, one in enumerate(one for row in rows for one in row.answers)}
    monkeypatch.setattr(
        totals, "total_log_probabilities", lambda body, asked: values[[place[id(one)] for one in asked]]
    )
    return objective.loss(Learner(torch.nn.Identity()), rows, TASK), values


def gradient(loss: Loss, values: Tensor) -> list[float]:
    """Of the loss, by each log-probability."""
    (found,) = torch.autograd.grad(loss.total, values)
    return [float(number) for number in found]
