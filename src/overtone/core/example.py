"""An example: one row of a team's data in the shape that every part reads, and its question."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a system is asked: an example without its answer.

    `choices` are answers of which the right or better one is asked for: in the row's own order where it brings them,
    of a pair in an order that says nothing about them. Of a single one it is asked whether it is good.
    """

    id: str
    text: str = ""
    messages: tuple[Message, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def conversations(self) -> tuple[tuple[Message, ...], ...]:
        """The question with each of its choices as its answer."""
        turns = self.messages or (Message("user", self.text),)
        return tuple((*turns, Message("assistant", choice)) for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Example:
    """One row: a text with its labels, a conversation that ends with the wanted answer, or plain text.

    `id` is a content id (stable over files and order); `source` says `train.csv:12`. `rejected` is an answer that
    is worse than the wanted one (preference pairs); `choices` are all answers to choose from, the wanted one among
    them, or the one that the label marks as good or bad; `references` are further answers that are as good, for
    judging alone. Rows of one `group` share a source (a document, a conversation, a person) and are no independent
    evidence. `traits` (product, channel) slice a report. None of them is part of the id, nor is the `language`.
    """

    id: str
    text: str = ""
    labels: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    documents: tuple[str, ...] = ()  # ids of the documents that hold the answer, where known
    rejected: str = ""
    choices: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # beside the wanted answer
    group: str = ""  # empty where the row stands for itself
    traits: tuple[tuple[str, str], ...] = ()  # column and value
    language: str = ""  # empty where nothing says it
    source: str = field(default="", compare=False)

    @property
    def completion(self) -> str:
        """The wanted answer: the last assistant turn, or nothing."""
        return self.messages[-1].content if self.messages and self.messages[-1].role == "assistant" else ""

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every answer that is right: the wanted one, then the references."""
        return (self.completion, *self.references)

    @property
    def conversations(self) -> tuple[tuple[Message, ...], ...]:
        """The whole conversation; of a pair the one with the wanted answer, then the one with the rejected."""
        if not self.rejected:
            return (self.messages,)
        return (self.messages, (*self.question.messages, Message("assistant", self.rejected)))

    @property
    def input(self) -> str:
        """What is asked, as one text: the labelled text, or the turns before the wanted answer."""
        return self.text or "\n".join(turn.content for turn in self.question.messages)

    @property
    def question(self) -> Question:
        """The example as it is asked: without labels and without the final answer, or without saying which is it."""
        turns = self.messages[:-1] if self.completion else self.messages
        pair = (self.completion, self.rejected) if self.rejected else ()
        return Question(self.id, self.text, turns, choices=self.choices or tuple(sorted(pair, key=_draw)))


def _draw(text: str) -> bytes:
    """A place in an order that looks drawn by lot and that only the text decides."""
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class Document:
    """A text to retrieve: a help article, a passage, a page."""

    id: str
    text: str
    title: str = ""
