"""A writer: a system that answers questions with text from a language model."""

import math
import time
from collections.abc import Iterator, Sequence

from overtone.core.answer import Answer
from overtone.core.example import Message, Question
from overtone.engine.batches import by_length
from overtone.engine.hidden import plain
from overtone.engine.score import log_probabilities
from overtone.generate.pieces import pieces
from overtone.generate.prompt import read_prompt
from overtone.generate.request import Piece, Request, Token
from overtone.generate.room import room
from overtone.models.base import Base
from overtone.models.template import encode_answer, encode_prompt
from overtone.models.text import end_tokens

BATCH_TOKENS = 8192  # prompt and answer tokens that one batch may come to hold in its cache


class Writer:
    """Writes answers with a decoder or an encoder-decoder, greedily, many at once; also streams and scores.

    `system_prompt` stands in front of every conversation that brings none of its own.
    """

    can = frozenset({"generate", "score"})

    def __init__(self, base: Base, max_tokens: int = 256, system_prompt: str | None = None) -> None:
        base.model.eval()  # dropout would make answers random
        self.base, self.max_tokens, self.system_prompt = base, max_tokens, system_prompt
        self.facts: dict[str, float] = {}  # what is worth telling of how it was made

    @property
    def context(self) -> int:
        """The longest sequence in tokens, prompt and answer together."""
        return self.base.description.context

    def room(self, prompt: Sequence[int]) -> int:
        """How many tokens may follow a prompt; below 1 where it is too long."""
        return room(plain(self.base.model), prompt, self.context)

    def holds(self, prompt: Sequence[int], rest: Sequence[int]) -> bool:
        """Whether the context holds a prompt and what stands behind it, or an encoder-decoder's holds each of them."""
        return len(rest) <= self.room(prompt)

    @property
    def end(self) -> frozenset[int]:
        """Tokens that end an answer."""
        return end_tokens(self.base)

    @property
    def vocabulary(self) -> int:
        """How many token ids the model knows."""
        size: int = self.base.model.get_input_embeddings().num_embeddings
        return size

    def encode(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """Tokens of a conversation up to the point where the answer begins."""
        turns = tuple(messages)
        if self.system_prompt is not None and not any(turn.role == "system" for turn in turns):
            turns = (Message("system", self.system_prompt), *turns)
        return tuple(encode_prompt(self.base, turns))

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question; a prompt that leaves no room in the context is an answer with an error."""
        prompts = [self.encode(one.messages or (Message("user", one.text),)) for one in questions]
        answers = [self._too_long(len(prompt)) for prompt in prompts]
        fitting = [index for index, prompt in enumerate(prompts) if self.room(prompt) > 0]
        for batch in by_length([len(prompts[index]) + self.max_tokens for index in fitting], BATCH_TOKENS):
            rows = [fitting[position] for position in batch]
            for row, answer in zip(rows, self._answer_batch([prompts[row] for row in rows]), strict=True):
                answers[row] = answer
        return answers

    def stream(self, request: Request) -> Iterator[Piece]:
        """The answer to one request, token by token."""
        return pieces(self.base, [request])

    def read(self, prompt: Sequence[int], alternatives: int = 0) -> list[Token]:
        """Log-probabilities of the prompt's own tokens from the second on, with alternatives."""
        return read_prompt(self.base.model, prompt, alternatives)

    def score(self, rows: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[list[float]]:
        """For rows of (prompt, continuation) tokens: the log-probability of each continuation token."""
        return log_probabilities(self.base.model, rows)

    def likelihoods(self, questions: Sequence[Question], answers: Sequence[str]) -> list[float | None]:
        """Natural-log probability of writing each given answer and then ending; None where they do not fit."""
        rows = [self._given(*pair) for pair in zip(questions, answers, strict=True)]
        fitting = [place for place, row in enumerate(rows) if self.holds(*row)]
        found: list[float | None] = [None] * len(rows)
        for place, values in zip(fitting, self.score([rows[place] for place in fitting]), strict=True):
            found[place] = math.fsum(values)
        return found

    def _given(self, question: Question, answer: str) -> tuple[tuple[int, ...], list[int]]:
        turns = question.messages or (Message("user", question.text),)
        return self.encode(turns), encode_answer(self.base, (*turns, Message("assistant", answer)))[1]

    def _answer_batch(self, prompts: Sequence[tuple[int, ...]]) -> list[Answer]:
        """Answer one batch; its time is shared out evenly."""
        start = time.perf_counter()
        requests = [Request(prompt, self.max_tokens, end=self.end) for prompt in prompts]
        written: list[list[Piece]] = [[] for _ in requests]
        for piece in pieces(self.base, requests):
            written[piece.row].append(piece)
        seconds = (time.perf_counter() - start) / len(requests)
        return [
            Answer(
                text="".join(piece.text for piece in row),
                prompt_tokens=len(request.prompt),
                completion_tokens=len(row),
                seconds=seconds,
                finish=row[-1].finish or "length",
            )
            for request, row in zip(requests, written, strict=True)
        ]

    def _too_long(self, tokens: int) -> Answer:
        error = f"the prompt has {tokens} tokens, the context holds {self.context} with the answer"
        return Answer(error=error, prompt_tokens=tokens)
