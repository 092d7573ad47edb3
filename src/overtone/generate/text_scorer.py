"""A writer that also says how likely plain texts are."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Question
from overtone.generate.writer import Writer
from overtone.models.base import Base
from overtone.models.text import encode_document


class TextScorer(Writer):
    """Answers a plain text by its natural-log probability, a conversation in writing.

    All tokens count, the end token included. Where the base has no start token nothing predicts the first one; it
    counts as one drawn from the whole vocabulary.
    """

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question; one that does not fit the context is an answer with an error."""
        scored = iter(self._judge([one for one in questions if not one.messages]))
        written = iter(super().answer([one for one in questions if one.messages]))
        return [next(written if one.messages else scored) for one in questions]

    def _judge(self, questions: Sequence[Question]) -> list[Answer]:
        """The log-probability of each text; the time is shared out evenly."""
        start = time.perf_counter()
        rows = [encode_document(self.base, question.text) for question in questions]
        answers = [self._text_too_long(len(row)) for row in rows]
        fitting = [index for index, row in enumerate(rows) if len(row) <= self.context]
        found = self.score([(rows[index][:1], rows[index][1:]) for index in fitting])
        for index, values in zip(fitting, found, strict=True):
            total = math.fsum(values) + first_log_probability(self.base, rows[index])
            answers[index] = Answer(text=repr(total), prompt_tokens=len(rows[index]))
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [replace(answer, seconds=seconds) for answer in answers]

    def _text_too_long(self, tokens: int) -> Answer:
        error = f"the text has {tokens} tokens, the context holds {self.context}"
        return Answer(error=error, prompt_tokens=tokens)


def first_log_probability(base: Base, row: Sequence[int]) -> float:
    """Of a row's first token: nothing where it is the start token, else that of a draw from the whole vocabulary."""
    if row and row[0] == base.tokenizer.bos_token_id:
        return 0.0
    return -math.log(base.model.get_input_embeddings().num_embeddings)
