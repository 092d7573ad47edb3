"""What a learned prompt is nearest to: the tokens whose embeddings point most nearly the same way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from overtone.core.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 4096  # tokens of the vocabulary compared at a time
TOLD = 3  # words told of each row
NEAREST = "nearest words of the prompt"  # the name of the fact in a run


@dataclass(frozen=True)
class Near:
    """A token as text, and the cosine of its embedding and a learned row."""

    word: str
    cosine: float


def nearest_words(body: Any, tokenizer: Any, count: int = TOLD) -> list[list[Near]]:
    """For each learned row the tokens nearest to it, nearest first; UserError where no embeddings are learned.

    Tokens are written as the vocabulary writes them, so that a space before a word shows; control tokens are left out.
    """
    import torch

    from overtone.engine.hidden import plain
    from overtone.engine.parent import LearnedRows, parent_of

    with torch.no_grad():
        parent = parent_of(body)
        if not isinstance(parent, LearnedRows):
            raise UserError(
                "only a learned prompt has nearest words: tune with the method prompt or p_tuning"
            )
        cosines = _cosines(parent.rows.float(), plain(body).get_input_embeddings().weight)
    known = min(len(tokenizer), cosines.shape[1])
    cosines[:, [token for token in tokenizer.all_special_ids if token < known]] = -1
    best = cosines[:, :known].topk(min(count, known))
    return [
        [Near(_written(tokenizer, token), cosine) for token, cosine in zip(tokens, values, strict=True)]
        for tokens, values in zip(best.indices.tolist(), best.values.tolist(), strict=True)
    ]


def word_facts(body: Any, tokenizer: Any) -> dict[str, str]:
    """The nearest words of each row, a line a row, for a run's report."""
    rows = nearest_words(body, tokenizer)
    told = [" / ".join(f"{near.word} {near.cosine:.2f}" for near in row) for row in rows]
    return {NEAREST: "\n".join(told)}


def _cosines(rows: "Tensor", embeddings: "Tensor") -> "Tensor":
    """Of every row with every embedding: (rows, vocabulary)."""
    import torch
    from torch.nn.functional import normalize

    directions = normalize(rows, dim=-1)
    parts = torch.split(embeddings, CHUNK)
    cosines = [directions @ normalize(part.float(), dim=-1).T for part in parts]
    return torch.cat(cosines, dim=1)


def _written(tokenizer: Any, token: int) -> str:
    """A token's text, a space before it shown as an underscore."""
    text: str = tokenizer.decode([token])
    return text.replace(" ", "_").strip().replace("\n", "\\n") or repr(text)
