"""Hidden words: which tokens of a row are hidden, and how likely a model finds what stood there.

Devlin et al. 2018, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding", arXiv
1810.04805, section 3.1, task 1.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

from overtone.engine.head import log_likelihood, weighted_log_likelihood
from overtone.engine.hidden import plain
from overtone.engine.learner import Learner
from overtone.engine.pack import pack
from overtone.engine.row import Row
from overtone.engine.states import states
from overtone.models.base import Base
from overtone.models.known_head import known_head


@dataclass(frozen=True, slots=True)
class MaskedRow(Row):
    """A row of which `hidden` of the learned tokens are hidden at a time, behind the token `mask`."""

    hidden: int = 1
    mask: int = 0

    @property
    def units(self) -> int:
        """The hidden tokens."""
        return self.hidden


@dataclass(frozen=True, slots=True)
class Hidden:
    """A row as the model reads it, the places that are asked, and what stood there."""

    tokens: Sequence[int]
    places: Sequence[int]
    targets: Sequence[int]


class MaskedHead(nn.Module):
    """From a hidden state to what its logits are formed from; the logits are tied to the input embeddings.

    `fresh` says that its weights are drawn, for the base's files hold none.
    """

    def __init__(self, base: Base, seed: int) -> None:
        super().__init__()
        config, found = base.model.config, known_head(base.description.folder, base.description.model_type)
        vocabulary, width = base.model.get_input_embeddings().weight.shape
        self.fresh = not {"dense.weight", "norm.weight", "bias"} <= found.keys()
        eps = getattr(config, "norm_eps", getattr(config, "layer_norm_eps", 1e-12))
        self.dense = nn.Linear(base.description.hidden, width, bias=getattr(config, "classifier_bias", True))
        self.norm = nn.LayerNorm(width, eps=eps, bias=getattr(config, "norm_bias", True))
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        if self.fresh:
            nn.init.normal_(self.dense.weight, std=0.02, generator=torch.Generator().manual_seed(seed))
            if self.dense.bias is not None:
                nn.init.zeros_(self.dense.bias)
        else:
            rest = self.bias.new_zeros(max(0, vocabulary - len(found["bias"])))  # of words that were added
            self.load_state_dict({**found, "bias": torch.cat([found["bias"], rest])})

    def forward(self, states: Tensor) -> Tensor:
        """(places, hidden) to (places, width of the embeddings)."""
        found: Tensor = self.norm(gelu(self.dense(states)))
        return found

    def projection(self, body: Any) -> nn.Linear:
        """From there to logits, by the very weights of the body's embeddings."""
        weight = plain(body).get_input_embeddings().weight
        layer = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
        layer.weight, layer.bias = weight, self.bias
        return layer


def hide(row: MaskedRow, vocabulary: int, training: bool) -> Hidden:
    """Hide tokens of a row: 80 % behind the mask, 10 % behind a token drawn from all, 10 % stay and are asked.

    In training the draw is torch's own, which the step has seeded; else it is a function of the row alone.
    """
    source = None if training else torch.Generator().manual_seed(zlib.crc32(repr(row.tokens).encode()))
    places = torch.tensor([place for place, wanted in enumerate(row.learned) if wanted])
    chosen = places[torch.randperm(len(places), generator=source)[: row.hidden]].sort().values.tolist()
    fates = torch.rand(len(chosen), generator=source).tolist()
    drawn = torch.randint(vocabulary, (len(chosen),), generator=source).tolist()
    tokens = list(row.tokens)
    for place, fate, other in zip(chosen, fates, drawn, strict=True):
        tokens[place] = row.mask if fate < 0.8 else other if fate < 0.9 else tokens[place]
    return Hidden(tokens, chosen, [row.tokens[place] for place in chosen])


def total_hidden_log_probability(learner: Learner, rows: Sequence[Hidden]) -> Tensor:
    """The natural-log probabilities of all hidden tokens, summed: a number, its gradients formed on the way."""
    found, head, targets = _asked(learner, rows)
    weights = torch.ones(len(found), device=found.device)
    return weighted_log_likelihood(found, head.projection(learner.body), targets, weights)[0]


def hidden_log_probabilities(learner: Learner, rows: Sequence[Hidden]) -> list[list[float]]:
    """The natural-log probability of each hidden token of each row."""
    found, head, targets = _asked(learner, rows)
    values = iter(log_likelihood(found, head.projection(learner.body), targets).tolist())
    return [[next(values) for _ in row.places] for row in rows]


def _asked(learner: Learner, rows: Sequence[Hidden]) -> tuple[Tensor, MaskedHead, Tensor]:
    """What the logits of hidden tokens are formed from (units, width), the head, and the tokens (units,)."""
    head = learner.head
    assert isinstance(head, MaskedHead)
    stream = pack([row.tokens for row in rows], share=False)
    asked = [stream.places[index][place] for index, row in enumerate(rows) for place in row.places]
    found = states(learner.body, stream, torch.tensor(asked, dtype=torch.long))
    targets = torch.tensor([token for row in rows for token in row.targets], device=found.device)
    return head(found), head, targets
