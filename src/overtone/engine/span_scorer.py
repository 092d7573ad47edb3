"""An encoder-decoder that says how likely it finds the words of plain texts: each stands in a gap once."""

import math
from collections.abc import Sequence
from itertools import accumulate, compress, pairwise

from overtone.core.example import Question
from overtone.engine.predictor import Predictor, Read, Record
from overtone.engine.score import learned_log_probabilities
from overtone.engine.spans import parted_by, sentinels_of
from overtone.models.source import encode_target

READINGS, SPAN = 7, 3  # about as much is hidden at a time as in training


class SpanScorer(Predictor):
    """Answers a plain text by the natural-log probabilities of its tokens, each hidden once, summed.

    Sentinels do not count. That is no probability of the text, for the other tokens are seen on both sides.
    """

    can = frozenset({"score", "predict"})

    def read(self, question: Question) -> list[Read]:
        """The text with every seventh span of three tokens hidden, in turn until each has been."""
        tokens, sentinels = encode_target(self.base, question.text), sentinels_of(self.base)
        size = len(tokens) - 1
        spans = [(start, min(size, start + SPAN)) for start in range(0, size, SPAN)]
        readings = max(min(READINGS, len(spans)), -(-len(spans) // (len(sentinels) - 1)), 1)
        parted = (parted_by(tokens, spans[turn::readings], sentinels) for turn in range(readings))
        known = {*sentinels, tokens[-1]}
        return [Read(source, (target, [token not in known for token in target])) for source, target in parted]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """The log-probability of what each reading's gaps held, summed; sentinels are read as they stand."""
        rows = [[*read.tokens, *read.about[0]] for read in reads]
        learned = [[False] * len(read.tokens) + [True] * len(read.about[0]) for read in reads]
        values, _ = learned_log_probabilities(self.learner.body, rows, learned)
        each = values.tolist()
        ends = list(accumulate((len(read.about[0]) for read in reads), initial=0))
        return [
            {"log_probability": math.fsum(compress(each[start:end], read.about[1]))}
            for read, (start, end) in zip(reads, pairwise(ends), strict=True)
        ]

    def chosen(self, records: Sequence[Record]) -> Record:
        """The sum over all readings."""
        return {"log_probability": math.fsum(record["log_probability"] for record in records)}

    def text(self, record: Record) -> str:
        """The number with all its digits."""
        return repr(record["log_probability"])

    def numbers(self, record: Record) -> list[float]:
        """The sum alone."""
        return [record["log_probability"]]
