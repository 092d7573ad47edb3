"""A new head begins as logistic regression over the features of its body as it is: of rows, or of pairs of answers.

Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution", arXiv
2202.10054, section 3.3: a body that is tuned under a head drawn at random is first pulled to wherever that head looks.
"""

import random
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from overtone.classical.fit import fit_linear, logistic_regression
from overtone.classical.pairs import fit_worths
from overtone.core.tasks.classify import ClassifyTask
from overtone.engine.frozen_context import Frozen, resting
from overtone.engine.learner import Learner
from overtone.engine.read import batches_to_read
from overtone.engine.row import Row
from overtone.train.together import Kind

STRENGTH = 0.03  # C of the regression, the middle of those that the frozen rival tries
PAIR_STRENGTH = 0.003  # the same where two answers are told apart, which is harder
MOST_ROWS = 5000  # that it is fitted on: more of them move it little, and what follows sees them all


def fit_heads(tasks: Iterable[tuple[Kind, Sequence[Row]]], frozen: Frozen, seed: int) -> None:
    """Put the regression into the head of each task whose objective asks for it; `frozen` is what is remembered."""
    with resting(frozen):
        for kind, rows in tasks:
            if getattr(kind.objective, "head_start", "random") == "fitted":
                chosen = random.Random(seed).sample(list(rows), min(MOST_ROWS, len(rows)))
                if any(row.rejected for row in chosen):
                    _fit_pairs(kind.learner, chosen, seed)
                else:
                    several = isinstance(kind.task, ClassifyTask) and kind.task.multi_label
                    _fit(kind.learner, chosen, several, seed)


def _fit(learner: Learner, rows: Sequence[Row], several: bool, seed: int) -> None:
    """Labels without a row keep what was drawn for them, and so do all where a feature is no number."""
    features, wanted = _features(learner, rows), torch.tensor([row.targets for row in rows])
    if not torch.isfinite(features).all():
        return  # the first step says so
    names = [str(place) for place in range(wanted.shape[1])]
    model = fit_linear(logistic_regression, STRENGTH, features.numpy(), wanted.numpy(), names, several, seed)
    present, layer = wanted.any(0), learner.head[-1]  # type: ignore[index]
    with torch.no_grad():
        for weight, found in ((layer.weight, model.weights), (layer.bias, model.biases)):
            weight[present] = torch.from_numpy(found).to(weight)[present]


def _fit_pairs(learner: Learner, rows: Sequence[Row], seed: int) -> None:
    """One number for an answer; its level is left as it is, because only differences say something."""
    better, worse = (
        _features(learner, answers) for answers in (rows, [row.rejected for row in rows if row.rejected])
    )
    gains = better - worse
    if not torch.isfinite(gains).all():
        return
    worths, _ = fit_worths(gains.numpy(), gains[:0].numpy(), [PAIR_STRENGTH], seed)
    with torch.no_grad():
        learner.head[-1].weight[0] = torch.from_numpy(worths)  # type: ignore[index]


@torch.no_grad()
def _features(learner: Learner, rows: Sequence[Row]) -> Tensor:
    """What the head will read of each row, in float32 and main memory: (rows, hidden)."""
    learner.eval()
    read = [row.tokens for row in rows]
    batches = batches_to_read(learner.body, read)
    found = torch.cat([learner.features([read[index] for index in batch]).float().cpu() for batch in batches])
    order = torch.tensor([index for batch in batches for index in batch])
    return found[order.argsort()]
