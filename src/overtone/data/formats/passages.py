"""A question, its passage and the spans of the passage that answer it, as in SQuAD with one row a question."""

from collections.abc import Mapping
from typing import Any, ClassVar

from overtone.core.example import Example, Message
from overtone.core.task import Task
from overtone.data.cell import UnusableError, is_blank, is_texts, optional_text, text_of, value_of
from overtone.data.format import Columns, Format
from overtone.data.identity import content_id
from overtone.data.sources.table import Row


class Passages(Format):
    """A question, its passage and the spans that answer it: texts, or `{"text": [...], "answer_start": [...]}`.

    Where the passage is a document, its id stands in place of it.
    """

    name: ClassVar[str] = "passages"
    title: ClassVar[str] = "questions about passages"
    asks: ClassVar[frozenset[str]] = frozenset({"extract"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "question": ("question", "query", "prompt"),
        "passage": ("context", "passage", "paragraph", "text", "article"),
        "answers": ("answers", "answer", "span", "completion"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"question", "passage"})
    answered: ClassVar[frozenset[str]] = frozenset({"answers"})

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """Passage, question and answer as turns; further answers are references."""
        passage = optional_text(row, columns, "passage")
        return asked_of(row, columns, (Message("system", passage),) if passage else (), ())


def asked_of(row: Row, columns: Columns, before: tuple[Message, ...], documents: tuple[str, ...]) -> Example:
    """The question of a row behind what stands `before` it, and its answers."""
    question, spans = text_of(row, columns, "question"), spans_of(row, columns)
    texts = [text for text, _ in spans]
    turns = (*before, Message("user", question), *(Message("assistant", text) for text in texts[:1]))
    return Example(
        content_id(question, *(turn.content for turn in before), *documents, *texts),
        messages=turns,
        labels=tuple(start for _, start in spans),
        references=tuple(texts[1:]),
        documents=documents,
        source=row.place,
    )


def spans_of(row: Row, columns: Columns) -> list[tuple[str, str]]:
    """Each answer with the character at which it begins, or with nothing where that is not said."""
    return [span for span in _spans(value_of(row, columns, "answers")) if not is_blank(span[0])]


def _spans(value: Any) -> list[tuple[str, str]]:
    if value is None:
        return []
    if isinstance(value, dict):
        texts, starts = value.get("text"), value.get("answer_start")
    elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
        texts, starts = [one.get("text") for one in value], [one.get("answer_start") for one in value]
    else:
        texts, starts = [value] if isinstance(value, str) else value, None
    if not is_texts(texts):
        raise UnusableError("answers that are no texts")
    told: list[str] = texts or []
    known = starts if isinstance(starts, list) and len(starts) == len(told) else [None] * len(told)
    return [(text, "" if start is None else str(start)) for text, start in zip(told, known, strict=True)]
