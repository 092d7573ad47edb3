"""A writer that also chooses among the answers that a question brings: the one whose text is the likeliest."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from overtone.core.answer import Answer
from overtone.core.example import Message, Question
from overtone.core.tasks.choose import ChooseTask, Length
from overtone.generate.chooser import Scored, softmax
from overtone.generate.writer import Writer
from overtone.models.base import Base
from overtone.models.choices import encode_choices

# How long a choice is, given its text and its tokens.
LENGTHS: dict[Length, Callable[[str, Sequence[int]], int]] = {
    "none": lambda text, tokens: 1,
    "tokens": lambda text, tokens: len(tokens),
    "characters": lambda text, tokens: len(text),
    "bytes": lambda text, tokens: len(text.encode()),
}


class ChoiceScorer(Writer):
    """Answers a question with choices by a probability for each, any other question in writing.

    Probabilities are the softmax of the choices' log-probabilities, each divided by its length as the task says. What
    the choices of a question, and questions among each other, begin with is computed once.
    """

    can = frozenset({"generate", "score", "choose"})

    def __init__(self, base: Base, task: ChooseTask) -> None:
        super().__init__(base)
        self.task = task

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question; one whose prompt and choices do not fit the context is an answer with an error."""
        chosen = iter(self._choose([one for one in questions if one.choices]))
        written = iter(super().answer([one for one in questions if not one.choices]))
        return [next(chosen if one.choices else written) for one in questions]

    def encode(self, messages: Sequence[Message]) -> tuple[int, ...]:
        """Tokens of a conversation up to where the answer begins, in the task's own form."""
        if self.task.prompt is None:
            return super().encode(messages)
        return tuple(encode_choices(self.base, messages, (), self.task.prompt)[0])

    def rows(self, question: Question) -> list[Scored]:
        """The prompt and each choice behind it, in tokens."""
        turns = question.messages or (Message("user", question.text),)
        prompt, choices = encode_choices(self.base, turns, question.choices, self.task.prompt)
        return [(tuple(prompt), tuple(choice)) for choice in choices]

    def _choose(self, questions: Sequence[Question]) -> list[Answer]:
        """A probability for each choice of each question; the time is shared out evenly."""
        start = time.perf_counter()
        rows = [self.rows(question) for question in questions]
        answers = [self._unfit(found) for found in rows]
        fitting = [index for index, answer in enumerate(answers) if answer.error is None]
        sums = iter([sum(values) for values in self.score([row for index in fitting for row in rows[index]])])
        length = LENGTHS[self.task.length]
        for index in fitting:
            choices = questions[index].choices
            scores = [
                next(sums) / length(text, row[1]) for text, row in zip(choices, rows[index], strict=True)
            ]
            shares = dict(zip(choices, softmax(scores), strict=True))
            answers[index] = replace(answers[index], probabilities=shares)
        seconds = (time.perf_counter() - start) / max(1, len(questions))
        return [replace(answer, seconds=seconds) for answer in answers]

    def _unfit(self, rows: Sequence[Scored]) -> Answer:
        """What is read of a question: its prompt once, and all choices. An error where that cannot be scored."""
        longest = max(len(prompt) + len(choice) for prompt, choice in rows)
        read = len(rows[0][0]) + sum(len(choice) for _, choice in rows)
        if not all(self.holds(*row) for row in rows):
            error = f"a prompt and its choice have {longest} tokens, the context holds {self.context}"
            return Answer(error=error, prompt_tokens=read)
        if not all(choice for _, choice in rows):
            return Answer(error="a choice that is no token of its own behind the prompt", prompt_tokens=read)
        return Answer(prompt_tokens=read)
