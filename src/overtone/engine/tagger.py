"""A tuned model that labels each word of a text, and finds the spans that the tags name."""

from collections.abc import Iterator, Sequence

from overtone.core.example import Question
from overtone.core.tag_spans import OUTSIDE, spans
from overtone.engine.learner import Learner
from overtone.engine.predictor import Predictor, Read, Record
from overtone.engine.token_logits import token_logits
from overtone.models.base import Base
from overtone.models.offsets import asked_tokens, encode_with_offsets


class Tagger(Predictor):
    """A system that gives each word the likeliest tag; a word of which no token is left belongs to no span."""

    can = frozenset({"tag", "predict"})

    def __init__(self, base: Base, learner: Learner, tags: Sequence[str]) -> None:
        super().__init__(base, learner)
        self.tags = tuple(tags)

    def read(self, question: Question) -> list[Read]:
        """The text, and where its words are read."""
        tokens, offsets = encode_with_offsets(self.base, question.text)
        return [Read(tokens, (question.text.split(), asked_tokens(self.base, question.text, offsets)))]

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """Words, the tag of each with its probability, and the spans."""
        places = [[place for place in one.about[1] if place is not None] for one in reads]
        logits = token_logits(self.learner, [one.tokens for one in reads], places)
        likeliest = logits.softmax(-1).max(-1)
        found = iter(zip(likeliest.values.tolist(), likeliest.indices.tolist(), strict=True))
        return [self._record(words, asked, found) for words, asked in (one.about for one in reads)]

    def _record(
        self, words: Sequence[str], places: Sequence[int | None], found: Iterator[tuple[float, int]]
    ) -> Record:
        """The record of one text, which takes its words' results from those of the batch."""
        tags, probabilities = [], []
        for place in places:
            probability, tag = next(found) if place is not None else (1.0, -1)
            probabilities.append(probability)
            tags.append(self.tags[tag] if place is not None else OUTSIDE)
        named = [
            {
                "label": span.kind,
                "start": span.start,
                "end": span.end,
                "text": " ".join(words[span.start : span.end]),
            }
            for span in spans(tags)
        ]
        return {"words": list(words), "tags": tags, "probabilities": probabilities, "spans": named}

    def text(self, record: Record) -> str:
        """The tags with a space between them."""
        return " ".join(record["tags"])

    def numbers(self, record: Record) -> list[float]:
        """The probability of each word's tag."""
        probabilities: list[float] = record["probabilities"]
        return probabilities
