"""How alike two texts are by their tokens in context (Zhang et al. 2020, "BERTScore", section 3)."""

from collections.abc import Sequence

import torch
from torch import Tensor

from overtone.engine.batches import in_batches
from overtone.engine.hidden import plain
from overtone.engine.pack import pack
from overtone.engine.rest import at_rest
from overtone.engine.states import states
from overtone.models.base import Base
from overtone.models.text import encode_text

BATCH_TOKENS = 2048


class TokenSimilarity:
    """F1 of greedy matching of token states by cosine; values are remembered by the two texts."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self._values: dict[tuple[str, str], float] = {}

    def of(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A value from 0 to 1 for each pair of a wanted and a given text; a text beyond the context is cut."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._values]
        vectors = self._states(list(dict.fromkeys(text for pair in new for text in pair)))
        self._values |= {pair: matched(*(vectors[text] for text in pair)) for pair in new}
        return [self._values[pair] for pair in pairs]

    @torch.inference_mode()
    def _states(self, texts: Sequence[str]) -> dict[str, Tensor]:
        """States of unit length of each text's tokens, those of control tokens left out: (tokens, hidden)."""
        context, control = self.base.description.context, set(self.base.tokenizer.all_special_ids)
        rows = [encode_text(self.base, text)[:context] for text in texts]
        found: dict[str, Tensor] = {}
        for batch in in_batches(rows, BATCH_TOKENS, False):
            stream = pack([rows[row] for row in batch], share=False)
            with at_rest(plain(self.base.model)):
                hidden = torch.nn.functional.normalize(states(self.base.model, stream).float(), dim=-1).cpu()
            for row, places in zip(batch, stream.places, strict=True):
                kept = [place for place, token in zip(places, rows[row], strict=True) if token not in control]
                found[texts[row]] = hidden[torch.tensor(kept, dtype=torch.long)]
        return found


def matched(wanted: Tensor, given: Tensor) -> float:
    """F1 of precision and recall, each the mean over tokens of the best cosine; two texts without tokens are alike."""
    if not len(wanted) or not len(given):
        return float(len(wanted) == len(given))
    cosines = wanted @ given.T  # (wanted, given)
    precision, recall = (float(cosines.amax(dim=side).mean().clamp(0, 1)) for side in (0, 1))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
