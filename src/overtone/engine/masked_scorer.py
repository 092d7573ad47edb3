"""A masked language model that says how likely it finds the words of plain texts.

Salazar et al. 2020, "Masked Language Model Scoring", arXiv 1910.14659, equation 2 (pseudo-log-likelihood), with every
seventh token hidden at a time instead of one: each token is asked once, and seven readings do for any length.
"""

import math
from collections.abc import Sequence

from overtone.core.example import Question
from overtone.engine.masked import Hidden, hidden_log_probabilities
from overtone.engine.predictor import Predictor, Read, Record
from overtone.models.text import encode_text, kept_tokens

READINGS = 7  # about as many tokens are hidden at a time as in training


class MaskedScorer(Predictor):
    """Answers a plain text by the natural-log probabilities of its tokens, each hidden once, summed.

    That is no probability of the text, for the other tokens are seen on both sides.
    """

    can = frozenset({"score", "predict"})

    def read(self, question: Question) -> list[Read]:
        """The text with one token in seven hidden, in turn until each has been."""
        tokens = encode_text(self.base, question.text)
        places = [place for place, wanted in enumerate(kept_tokens(self.base, tokens)) if wanted]
        mask = self.base.tokenizer.mask_token_id
        return [
            _hidden(tokens, places[turn::READINGS], mask) for turn in range(min(READINGS, len(places)) or 1)
        ]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """The log-probability of the hidden tokens of each reading, summed."""
        found = hidden_log_probabilities(self.learner, [read.about for read in reads])
        return [{"log_probability": math.fsum(values)} for values in found]

    def chosen(self, records: Sequence[Record]) -> Record:
        """The sum over all readings."""
        return {"log_probability": math.fsum(record["log_probability"] for record in records)}

    def text(self, record: Record) -> str:
        """The number with all its digits."""
        return repr(record["log_probability"])

    def numbers(self, record: Record) -> list[float]:
        """The sum alone."""
        return [record["log_probability"]]


def _hidden(tokens: Sequence[int], places: Sequence[int], mask: int) -> Read:
    covered = [mask if place in set(places) else token for place, token in enumerate(tokens)]
    return Read(covered, Hidden(covered, places, [tokens[place] for place in places]))
