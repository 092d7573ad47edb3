"""A learner with several heads over one body: the stage's own, and one for each further task of a mixture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from overtone.core.example import Example
from overtone.core.settings import Settings
from overtone.core.task import Task
from overtone.engine.learner import Learner, hidden_size, make_head
from overtone.objectives.objective import Objective

FILE = "heads.safetensors"


class TaskCard(Settings):
    """What an artifact says of a further task."""

    name: str
    task: Task
    objective: Objective
    labels: tuple[str, ...]
    rows: int = 0
    rows_sha256: str = ""


@dataclass(frozen=True)
class TaskRows:
    """A further task of a mixture with its rows; `test` is what it is judged on."""

    name: str
    task: Task
    labels: tuple[str, ...]
    train: Sequence[Example]
    validation: Sequence[Example]
    test: Sequence[Example] = ()

    def objective(self, kind: str) -> Objective:
        """The task's usual objective for that kind of base: what a head learns, it learns over all of them."""
        return Objective.usual(self.task, kind).fitted(self.train)


class SharedLearner(Learner):
    """One body; `head` is the own task's, `heads` are those of the further tasks in the order of `names`.

    `log_variances` are log sigma^2 of each task's noise, the own task's first, where losses are weighed by them.
    """

    def __init__(self, own: Learner, heads: Mapping[str, nn.Module], rate: float | None = None) -> None:
        super().__init__(own.body, own.head, own.pooling, own.name)
        self.names, self.heads = tuple(heads), nn.ModuleList(heads.values())
        self.log_variances = None if rate is None else nn.Parameter(torch.zeros(1 + len(heads)))
        self.rates = {} if rate is None else {"log_variances": rate}  # of weights that have one of their own

    def under(self, name: str) -> Learner:
        """The body under the head of one further task."""
        return Learner(self.body, self.heads[self.names.index(name)], self.pooling, self.name)

    @property
    def deviations(self) -> tuple[float, ...]:
        """The noise sigma of each task, the own one's first; none where none is learned."""
        if self.log_variances is None:
            return ()
        found: list[float] = (self.log_variances.detach().double() / 2).exp().tolist()
        return tuple(found)


def shared(own: Learner, cards: Sequence[TaskCard], seed: int, rate: float | None = None) -> SharedLearner:
    """A learner with a fresh head for each further task, each drawn from a seed of its own."""
    width, device = hidden_size(own.body), next(own.body.parameters()).device
    heads = {
        card.name: make_head(
            width, len(card.labels), getattr(card.objective, "dropout", 0.0), seed + 1 + place
        )
        for place, card in enumerate(cards)
    }
    return SharedLearner(own, heads, rate).to(device)


def save_heads(learner: Learner, folder: Path) -> None:
    """Write the further heads, and what was learned of the tasks' noises."""
    from safetensors.torch import save_file

    if isinstance(learner, SharedLearner):
        known = {} if learner.log_variances is None else {"log_variances": learner.log_variances.detach()}
        save_file({**learner.heads.state_dict(), **known}, folder / FILE)


def load_heads(learner: Learner, cards: Sequence[TaskCard], folder: Path) -> SharedLearner:
    """The learner with the further heads that were saved."""
    from safetensors.torch import load_file

    tensors = load_file(folder / FILE)
    noises = tensors.pop("log_variances", None)
    found = shared(learner, cards, 0, None if noises is None else 1.0)
    found.heads.load_state_dict(tensors)
    if noises is not None and found.log_variances is not None:
        found.log_variances.data.copy_(noises)
    return found
