"""Plain texts to continue, one a row; a long one is cut into passages."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.data.cell import text_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row

# Where a passage may end, the best first: behind a line, a sentence, a word.
ENDS = tuple(map(re.compile, (r"\n+", r"(?<=[.!?。！？])\s+", r"\s+")))


class Text(Format):
    """Plain texts to continue, one a row."""

    name: ClassVar[str] = "text"
    title: ClassVar[str] = "plain texts"
    asks: ClassVar[frozenset[str]] = frozenset({"score"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "text": ("text", "content", "body", "document", "passage", "article", "paragraph"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"text"})
    several: ClassVar[frozenset[str]] = frozenset({"text"})

    passage: int = Field(
        600,
        ge=1,
        description="most characters of a passage: longer texts are cut behind a line, a sentence or a word",
    )

    def parts(self, example: Example) -> tuple[Example, ...]:
        """The passages of a text in order; they share a group, for a document is one piece of evidence."""
        passages = cut(example.text, self.passage)
        if len(passages) < 2:
            return (example,)
        group = example.group or example.id
        return tuple(
            replace(
                example,
                id=content_id(text),
                text=text,
                group=group,
                source=f"{example.source} passage {place}",
            )
            for place, text in enumerate(passages, 1)
        )

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The text as it stands."""
        text = text_of(row, columns, "text")
        return Example(content_id(text), text=text, source=row.place)


def cut(text: str, most: int) -> list[str]:
    """The passages of a text, each of at most so many characters; joined without the spaces between they are it."""
    passages = []
    while len(text) > most:
        end, begin = _place(text, most)
        passages.append(text[:end])
        text = text[begin:]
    return [passage for passage in (*passages, text) if passage.strip()]


def _place(text: str, most: int) -> tuple[int, int]:
    """Where a passage ends and the next one begins: the last good place in its second half, else the last at all."""
    for fewest in (most // 2, 1):
        for ends in ENDS:
            found = [(one.start(), one.end()) for one in ends.finditer(text, fewest, most + 1)]
            if found:
                return found[-1]
    return most, most
