"""What the tuned systems share that are neither classifiers nor writers: questions in batches, a record for each.

A record is what a system says of a question, in plain values: it is served as JSON, and its numbers are what parity
compares.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.engine.learner import Learner
from overtone.engine.read import batches_to_read
from overtone.models.base import Base

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Read:
    """The tokens of one reading of a question, and what a system remembers to make sense of them."""

    tokens: Sequence[int]
    about: Any = None


class Predictor:
    """A system over a tuned body with a head (abstract): it reads a question once or, in windows, several times."""

    can: frozenset[str]

    def __init__(self, base: Base, learner: Learner) -> None:
        self.base, self.learner = base, learner.eval()
        self.facts: dict[str, float] = {}  # what is worth telling of how it was made

    def refusal(self, question: Question) -> str | None:
        """Why a question cannot be read, in a few words; None where it can."""
        return None

    def read(self, question: Question) -> list[Read]:
        """The readings of a question, at least one."""
        raise NotImplementedError

    def records(self, reads: Sequence[Read]) -> list[Record]:
        """What is said of each reading of one batch."""
        raise NotImplementedError

    def chosen(self, records: Sequence[Record]) -> Record:
        """What is said of a question, given the records of its readings."""
        return records[0]

    def text(self, record: Record) -> str:
        """A record as the text of an answer."""
        raise NotImplementedError

    def numbers(self, record: Record) -> list[float]:
        """The numbers of a record that must be the same wherever the model runs."""
        raise NotImplementedError

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """An answer to each question; an error where one is longer than the base reads."""
        return [
            Answer(error=record["error"], prompt_tokens=tokens)
            if "error" in record
            else Answer(text=self.text(record), prompt_tokens=tokens, seconds=seconds)
            for record, tokens, seconds in self._predicted(questions)
        ]

    def predict(self, questions: Sequence[Question]) -> list[Record]:
        """A record for each question, `{"error": ...}` where one is longer than the base reads."""
        return [record for record, _, _ in self._predicted(questions)]

    def _predicted(self, questions: Sequence[Question]) -> Iterator[tuple[Record, int, float]]:
        """The record, the tokens read and the seconds of each question."""
        refused = [self.refusal(question) for question in questions]
        readings = [
            [] if reason else self.read(question) for question, reason in zip(questions, refused, strict=True)
        ]
        context = self.base.description.context
        reads = [one for reading in readings for one in reading if len(one.tokens) <= context]
        records, seconds = self._in_batches(reads)
        found, spent = iter(records), iter(seconds)
        for reading, reason in zip(readings, refused, strict=True):
            lengths = [len(one.tokens) for one in reading]
            tokens, longest = sum(lengths), max(lengths, default=0)
            own = [(next(found), next(spent)) for length in lengths if length <= context]
            if reason or longest > context:
                too_long = f"the text has {longest} tokens, the base reads {context}"
                yield {"error": reason or too_long}, tokens, 0.0
            else:
                yield self.chosen([record for record, _ in own]), tokens, sum(took for _, took in own)

    @torch.inference_mode()
    def _in_batches(self, reads: Sequence[Read]) -> tuple[list[Record], list[float]]:
        """A record for each reading, in order, and its share of the seconds of its batch."""
        records: list[Record] = [{} for _ in reads]
        seconds = [0.0] * len(reads)
        for batch in batches_to_read(self.learner.body, [one.tokens for one in reads]):
            start = time.perf_counter()
            found = self.records([reads[index] for index in batch])
            each = (time.perf_counter() - start) / len(batch)
            for index, record in zip(batch, found, strict=True):
                records[index], seconds[index] = record, each
        return records, seconds
