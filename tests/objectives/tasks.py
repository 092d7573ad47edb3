"""Plain formulas of the objectives whose answers are numbers, tags, spans and embeddings, with rows for them."""

import re

import torch
from torch.nn.functional import cosine_similarity, cross_entropy

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.engine.hidden import reader
from overtone.engine.row import Row
from overtone.models.base import Base
from overtone.objectives.objective import Objective

PASSAGE = "the sun is up and the moon is far away"
RATED = [
    Example(id=str(place), text=f"text {place} " * (place + 1), labels=(number,))
    for place, number in enumerate(("1.0", "-2.0", "4.0"))
]
TAGGED = [
    Example(id="0", text="go to New York", labels=("O", "O", "B-a", "I-a")),
    Example(id="1", text="Rome", labels=("B-a",)),
    Example(id="2", text="a b c", labels=("O", "I-b", "O")),
    *(  # that begin alike
        Example(id=place, text=f"take me to the {place} of it", labels=("O",) * 4 + (tag,) + ("O",) * 2)
        for place, tag in (("moon", "B-a"), ("end", "I-b"))
    ),
]
ASKED = [
    Example(
        id=str(place),
        messages=(Message("system", PASSAGE), Message("user", "what?"), Message("assistant", span)),
    )
    for place, span in enumerate(("sun", "the moon is far", "up"))
]
PAIRED = [
    Example(
        id=str(place),
        messages=(Message("user", f"query {place}"), Message("assistant", passage)),
        rejected="not this" if place == 1 else "",
    )
    for place, passage in enumerate(
        ("one thing", "another", "one thing")
    )  # the first and the last share theirs
]
EXAMPLES = {
    "regress": RATED,
    "tag": TAGGED,
    "extract": ASKED,
    "contrastive": PAIRED,
    "pairwise": PAIRED,
}


def hidden(base: Base, row: Row) -> torch.Tensor:
    """The last hidden states of one row alone: (tokens, hidden)."""
    model: torch.nn.Module = reader(base.model)
    states: torch.Tensor = model(input_ids=torch.tensor([row.tokens])).last_hidden_state[0]
    return states


def plain_regress(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """The squared error of the standardised number of one row alone."""
    return (learner.logits([row.tokens])[0, 0] - row.targets[0]) ** 2  # type: ignore[operator]


def plain_tag(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy at the first token of each word, in a decoder at its last; each byte is a token, behind a mark."""
    text = base.tokenizer.decode(row.tokens[1:-1])
    words = [(found.start(), found.end() - 1) for found in re.finditer(r"\S+", text)]
    places = [1 + word[base.description.kind == "decoder"] for word in words]
    logits = learner.head(hidden(base, row)[places])  # type: ignore[operator]
    return cross_entropy(logits, torch.tensor(row.targets).long(), reduction="sum")


def plain_extract(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Cross-entropy of the first and of the last token, each over the passage."""
    first, behind, start, end = map(int, row.targets)
    logits = learner.head(hidden(base, row)[first:behind])  # type: ignore[operator]
    one, other = (
        cross_entropy(logits[:, 0], torch.tensor(start)),
        cross_entropy(logits[:, 1], torch.tensor(end)),
    )
    return one + other


def similarities(
    name: str, base: Base, row: Row, learner: torch.nn.Module
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The cosine of a query and its passage over the temperature, and those with all other passages of the rows."""
    part, task = Objective.find(name)(), Task.model_validate("embed")
    rows = [part.row(example, base, task, ()) for example in PAIRED]
    texts = sorted({passage.tokens for one in rows for passage in one.passages})

    def cosine(passage: tuple[int, ...]) -> torch.Tensor:
        one, other = (learner.features([tokens])[0] for tokens in (row.tokens, passage))  # type: ignore[operator]
        return cosine_similarity(one, other, dim=0) / 0.05

    own = row.passages[0].tokens
    return cosine(own), [cosine(text) for text in texts if text != own]


def plain_contrastive(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """Equation 4 of van den Oord et al., in probabilities."""
    right, others = similarities("contrastive", base, row, learner)
    return -torch.log(right.exp() / torch.stack([right, *others]).exp().sum())


def plain_pairwise(base: Base, row: Row, learner: torch.nn.Module) -> torch.Tensor:
    """The mean of RankNet's loss over the wrong passages."""
    right, others = similarities("pairwise", base, row, learner)
    return torch.stack([torch.log(1 + torch.exp(other - right)) for other in others]).mean()


PLAIN = {
    "regress": plain_regress,
    "tag": plain_tag,
    "extract": plain_extract,
    "contrastive": plain_contrastive,
    "pairwise": plain_pairwise,
}
