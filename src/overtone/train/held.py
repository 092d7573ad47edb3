"""The weights of a base held to where a stage began: what an anchor adds to each gradient."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from overtone.engine.learner import Learner
from overtone.engine.row import Row
from overtone.train.together import Kind


@dataclass(frozen=True)
class Held:
    """Weights with their starts, and how much each counts (all alike where there are no weights of squares)."""

    weights: Sequence[nn.Parameter]
    starts: Sequence[Tensor]
    strength: float
    fisher: Sequence[Tensor] | None = None

    @torch.no_grad()
    def pull(self) -> None:
        """Add the penalty's gradient, strength * F * (w - start), to that of each weight that has one."""
        for place, (weight, start) in enumerate(zip(self.weights, self.starts, strict=True)):
            if weight.grad is not None:
                away = weight - start
                weight.grad += self.strength * (away if self.fisher is None else self.fisher[place] * away)

    def cost(self) -> float:
        """The penalty itself: half the strength times the sum of F * (w - start)^2."""
        total = 0.0
        for place, (weight, start) in enumerate(zip(self.weights, self.starts, strict=True)):
            squares = (weight.detach() - start).double().square()
            total += float((squares if self.fisher is None else self.fisher[place] * squares).sum())
        return self.strength / 2 * total


def held(learner: Learner, strength: float, fisher: Sequence[Tensor] | None = None) -> Held:
    """Hold the body's learned weights where they are now."""
    weights = body_weights(learner)
    return Held(weights, [weight.detach().clone() for weight in weights], strength, fisher)


def body_weights(learner: Learner) -> list[nn.Parameter]:
    """The weights of the body that learn."""
    return [weight for weight in learner.body.parameters() if weight.requires_grad]


def fisher_of(asked: Sequence[tuple[Kind, Sequence[Row]]]) -> list[Tensor]:
    """The diagonal of the empirical Fisher information of the body's learned weights, added up over tasks.

    A row at a time, without dropout: the mean of the squared gradients of each row's loss.
    """
    weights = body_weights(asked[0][0].learner)
    found = [torch.zeros_like(weight, dtype=torch.float32) for weight in weights]
    for kind, rows in asked:
        kind.learner.eval()
        for gradients in _gradients(kind, rows, weights):
            for total, gradient in zip(found, gradients, strict=True):
                if gradient is not None:
                    total += gradient.float().square() / len(rows)
    return found


def _gradients(
    kind: Kind, rows: Sequence[Row], weights: Sequence[nn.Parameter]
) -> Iterator[Sequence[Tensor | None]]:
    for row in rows:
        loss = kind.objective.loss(kind.learner, [row], kind.task)
        yield torch.autograd.grad(loss.total, weights, allow_unused=True)
