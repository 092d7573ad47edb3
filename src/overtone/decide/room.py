"""Making prompts fit: how many shots or how much of the documents a context holds beside the answer."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from overtone.core.answer import Answer
from overtone.core.example import Document, Message, Question
from overtone.retrieve.words import word_ends

Item = TypeVar("Item")


class Reader(Protocol):
    """A system that writes text and can say how it reads a conversation: tokens, and the longest it holds."""

    max_tokens: int

    @property
    def context(self) -> int:
        """The longest sequence in tokens, prompt and answer together."""
        ...

    def encode(self, messages: Sequence[Message]) -> Sequence[int]:
        """Tokens of a conversation up to the point where the answer begins."""
        ...

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer each question, in order."""
        ...


def fitting(items: Sequence[Item], size: Callable[[Sequence[Item]], int], room: int) -> Sequence[Item]:
    """The longest beginning of `items`, best first, whose prompt has at most `room` tokens."""
    for count in range(len(items), 0, -1):
        if size(items[:count]) <= room:
            return items[:count]
    return items[:0]


def cut_to_room(
    documents: Sequence[Document], size: Callable[[Sequence[Document]], int], room: int
) -> tuple[list[Document], int]:
    """Documents whose prompt has at most `room` tokens, and how many had to be cut or left out.

    The last document is cut first, from its end, in words (in a script without spaces in characters); a document
    without words left is left out.
    """
    kept, touched = list(documents), 0
    while kept and size(kept) > room:
        *before, last = kept
        ends = word_ends(last.text)

        def shortened(count: int, last: Document = last, ends: list[int] = ends) -> Document:
            return replace(last, text=last.text[: ends[count - 1]])

        def tokens(count: int, before: list[Document] = before) -> int:
            return size([*before, shortened(count)])

        left = bisect_right(range(1, len(ends)), room, key=tokens)
        kept = [*before, shortened(left)] if left else before
        touched += 1
    return kept, touched
