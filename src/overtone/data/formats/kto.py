"""Answers marked good or bad, each on its own: a prompt, an answer, and its mark (KTO)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from overtone.core.example import Example
from overtone.core.task import Task
from overtone.core.tasks.approve import BAD, GOOD, ApproveTask, marking
from overtone.data.cell import UnusableError, value_of
from overtone.data.format import Columns, Format
from overtone.data.formats.prompt_completion import PromptCompletion
from overtone.data.identity import content_id
from overtone.data.sources.table import Row

MARKS = {
    **dict.fromkeys(("true", "1", "1.0", "good", "yes", "up", "thumbs_up", "desirable", "👍"), GOOD),
    **dict.fromkeys(("false", "0", "0.0", "bad", "no", "down", "thumbs_down", "undesirable", "👎"), BAD),
}
UNSURE = ("1", "1.0", "yes", "0", "0.0", "no")  # in a column called label these may as well be a category


class KTO(Format):
    """Answers marked good or bad, each on its own (KTO).

    A task that writes answers learns and judges by the good ones alone. Rows of one prompt are of one group: whether
    one of its answers is good says something of the others.
    """

    name: ClassVar[str] = "kto"
    title: ClassVar[str] = "answers marked good or bad (KTO)"
    asks: ClassVar[frozenset[str]] = frozenset({"approve", "generate"})
    roles: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **{role: PromptCompletion.roles[role] for role in ("prompt", "completion", "system")},
        "mark": ("label", "mark", "thumbs", "thumb", "feedback", "vote", "desirable"),
    }
    asked: ClassVar[frozenset[str]] = frozenset({"prompt", "completion"})
    answered: ClassVar[frozenset[str]] = frozenset({"mark"})
    expects: ClassVar[str] = "marks that are true or false, good or bad, up or down, yes or no, 1 or 0"

    def fits(self, row: Row, columns: Columns) -> bool:
        """The mark, where a row has one, is true or false or a word for it, not a category."""
        return _word(row, columns) in ("", *MARKS)

    def example(self, row: Row, columns: Columns, task: Task) -> Example:
        """The prompt with the answer to be judged; for a task that writes, the prompt with a good answer."""
        word = _word(row, columns)
        labels = (MARKS[word],) if word in MARKS else ()
        if not isinstance(task, ApproveTask):
            unsure = word in UNSURE and columns["mark"][0].casefold() == "label"
            if labels == (BAD,) and not unsure:
                raise UnusableError("marked bad")
            category = {"label": columns["mark"]} if unsure else {}
            return PromptCompletion().example(row, {**columns, **category}, task)
        talk = PromptCompletion().example(row, columns, task)
        if word not in ("", *MARKS):
            raise UnusableError("a mark that is neither good nor bad")
        if not talk.completion:
            raise UnusableError("a dialogue that does not end with the assistant")
        asked = marking(talk.id, talk.messages[:-1], talk.completion)
        group = content_id(*(part for turn in asked.messages for part in (turn.role, turn.content)))
        return replace(
            talk,
            id=content_id(talk.id, *labels),
            text=asked.text,
            labels=labels,
            messages=asked.messages,
            choices=asked.choices,
            group=group,
        )


def _word(row: Row, columns: Columns) -> str:
    """The mark as it is written; nothing where there is none."""
    value = value_of(row, columns, "mark")
    return "" if value is None else "_".join(str(value).lower().split())
