"""A text and the names that stand in it, each with its kind and its words or its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from overtone.core.example import Example
from overtone.core.tag_spans import Span, tags_of
from overtone.core.task import Task
from overtone.data.cell import UnusableError, text_of, value_of
from overtone.data.format import Columns, Format
from overtone.data.formats.labelled import TEXT
from overtone.data.identity import content_id
from overtone.data.sources.table import Row

WORD = re.compile(r"\w+|[^\w\s]")
KIND, WORDS = ("label", "entity", "type", "tag"), ("value", "text", "word")


class Annotated(Format):
    """A text and the names that stand in it: `{"start", "end", "label"}` by character, or `{"value", "entity"}`.

    The text is parted into words and marks of punctuation, and each gets a tag with `B-`, `I-` or `O`.
    """

    name: ClassVar[str] = "annotated"
    title: ClassVar[str] = "texts with named spans"
    asks: ClassVar[frozenset[str]] = frozenset({"tag"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "text": TEXT,
        "spans": ("spans", "entities", "slots", "annotations", "labels", "ents"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"text"})
    answered: ClassVar[frozenset[str]] = frozenset({"spans"})
    expects: ClassVar[str] = "spans that are a list of objects"

    def fits(self, row: Row, columns: Columns) -> bool:
        """The spans, where a row has some, are objects."""
        spans = value_of(row, columns, "spans")
        return spans is None or (isinstance(spans, list) and all(isinstance(span, dict) for span in spans))

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The words with a space between them, and the tag of each where the spans are known."""
        text, spans = text_of(row, columns, "text"), value_of(row, columns, "spans")
        words = list(WORD.finditer(text))
        places = sorted(_places(text, spans or []))
        tags = [] if spans is None else tags_of(list(_word_spans(places, words)), len(words))
        spaced = " ".join(word.group() for word in words)
        return Example(content_id(spaced, *tags), text=spaced, labels=tuple(tags), source=row.place)


def _places(text: str, spans: list[dict[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """First character, the one behind the last, and kind of each span; a value is found where it first stands free."""
    taken: list[tuple[int, int]] = []
    for span in spans:
        kind = str(_first(span, KIND, "kind"))
        if "start" in span and "end" in span:
            start, end = int(span["start"]), int(span["end"])
        else:
            start, end = _found(text, str(_first(span, WORDS, "text")), taken)
        if not 0 <= start < end <= len(text):
            raise UnusableError("a span outside of its text")
        taken.append((start, end))
        yield start, end, kind


def _found(text: str, value: str, taken: list[tuple[int, int]]) -> tuple[int, int]:
    """The first place of whole words where a value stands and no other span does."""
    whole = re.compile(rf"(?<!\w){re.escape(value.strip())}(?!\w)", re.IGNORECASE)
    for match in whole.finditer(text):
        if all(match.end() <= start or end <= match.start() for start, end in taken):
            return match.span()
    raise UnusableError("a span whose words do not stand in the text")


def _first(span: dict[str, Any], names: tuple[str, ...], what: str) -> Any:
    found = next((span[name] for name in names if span.get(name) not in (None, "")), None)
    if found is None:
        raise UnusableError(f"a span without its {what}")
    return found


def _word_spans(places: list[tuple[int, int, str]], words: list[re.Match[str]]) -> Iterator[Span]:
    """The words that each span of characters touches."""
    for start, end, kind in places:
        inside = [index for index, word in enumerate(words) if word.start() < end and start < word.end()]
        if inside:
            yield Span(inside[0], inside[-1] + 1, kind)
