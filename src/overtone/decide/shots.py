"""Answering with solved examples as earlier turns of the conversation."""

from collections.abc import Sequence
from dataclasses import replace

from overtone.classical.classifier import asked
from overtone.core.answer import Answer
from overtone.core.example import Example, Message, Question
from overtone.decide.prompt import with_shots
from overtone.decide.room import Reader, fitting
from overtone.retrieve.bm25 import Bm25Index


class ShotWriter:
    """Puts the solved examples nearest to a question before it, the nearest last, and lets a writer answer.

    `facts` has the mean number of examples that the context held.
    """

    can = frozenset({"generate"})

    def __init__(self, writer: Reader, examples: Sequence[Example], count: int) -> None:
        self.writer, self.examples, self.count = writer, examples, count
        self._index = Bm25Index([row.input for row in examples])
        self._asked = self._shown = 0

    @property
    def facts(self) -> dict[str, float]:
        """Mean examples in a prompt, over all that was asked so far."""
        return {"examples_in_prompt": self._shown / max(1, self._asked)}

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answers to the questions with their examples."""
        return self.writer.answer([self._with_shots(question) for question in questions])

    def _with_shots(self, question: Question) -> Question:
        turns = question.messages or (Message("user", question.text),)
        whole = replace(question, messages=turns)
        found = [self.examples[position] for position in self._index.search(asked(question), self.count)]

        def size(chosen: Sequence[Example]) -> int:
            return len(self.writer.encode(with_shots(whole, chosen[::-1]).messages))

        kept = fitting(found, size, self.writer.context - self.writer.max_tokens)
        self._asked, self._shown = self._asked + 1, self._shown + len(kept)
        return with_shots(whole, kept[::-1])
