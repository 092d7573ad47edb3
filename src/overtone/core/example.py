"""An example: one row of a team's data in the shape that every part reads, and its question."""

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
    """What a system is asked: an example without its answer."""

    id: str
    text: str = ""
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """One row: a text with its labels, a conversation that ends with the wanted answer, or plain text.

    `id` is a content id (stable over files and order); `source` says `train.csv:12`.
    """

    id: str
    text: str = ""
    labels: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()
    documents: tuple[str, ...] = ()  # ids of the documents that hold the answer, where known
    source: str = field(default="", compare=False)

    @property
    def completion(self) -> str:
        """The wanted answer: the last assistant turn, or nothing."""
        return self.messages[-1].content if self.messages and self.messages[-1].role == "assistant" else ""

    @property
    def input(self) -> str:
        """What is asked, as one text: the labelled text, or the turns before the wanted answer."""
        return self.text or "\n".join(turn.content for turn in self.question.messages)

    @property
    def question(self) -> Question:
        """The example as it is asked: without labels and without the final answer."""
        turns = self.messages[:-1] if self.completion else self.messages
        return Question(id=self.id, text=self.text, messages=turns)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to retrieve: a help article, a passage, a page."""

    id: str
    text: str
    title: str = ""
