"""A conversation from the ways in which files write it, with a check of who speaks when."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from overtone.core.example import Example, Message, Role
from overtone.data.cell import UnusableError, is_blank
from overtone.data.identity import content_id
from overtone.data.sources.jsons import parse_json

SPEAKERS: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
}


def read_turns(value: Any) -> tuple[Message, ...]:
    """Turns from `{role, content}` or `{from, value}` objects, or from their JSON text in a CSV cell."""
    if isinstance(value, str):
        try:
            value = parse_json(value)
        except ValueError:
            raise UnusableError("turns that are not JSON") from None
    if not isinstance(value, list) or not value:
        raise UnusableError("no turns")
    return tuple(_turn(turn) for turn in value)


def _turn(turn: Any) -> Message:
    if not isinstance(turn, dict):
        raise UnusableError("a turn that is not an object")
    speaker = str(turn.get("role", turn.get("from", "")))
    if speaker.lower() not in SPEAKERS:
        raise UnusableError(f"unknown role '{speaker}'")
    return Message(SPEAKERS[speaker.lower()], _content(turn.get("content", turn.get("value"))))


def _content(content: Any) -> str:
    """The text of a turn, also from a list of text parts."""
    if isinstance(content, list):
        if not all(isinstance(part, dict) and part.get("type") == "text" for part in content):
            raise UnusableError("a turn with parts that are not text")
        content = "".join(str(part.get("text")) for part in content)
    if not isinstance(content, str) or is_blank(content):
        raise UnusableError("an empty turn")
    return content


def check_turns(turns: Sequence[Message]) -> None:
    """A system turn may open; then user and assistant alternate, the user first. Else UnusableError."""
    spoken = turns[1:] if turns[0].role == "system" else turns
    if any(turn.role == "system" for turn in spoken):
        raise UnusableError("system turn that is not the first")
    if not spoken:
        raise UnusableError("only a system turn")
    if spoken[0].role != "user":
        raise UnusableError("assistant speaks first")
    for before, after in pairwise(spoken):
        if before.role == after.role:
            raise UnusableError(f"two {after.role} turns in a row")


def conversation(
    turns: Sequence[Message],
    place: str,
    system: str = "",
    labels: tuple[str, ...] = (),
    documents: tuple[str, ...] = (),
    rejected: str = "",
    references: tuple[str, ...] = (),
) -> Example:
    """The example of a checked conversation; a `system` text opens it where it has none."""
    if system and turns and turns[0].role != "system":
        turns = (Message("system", system), *turns)
    check_turns(turns)
    spoken = (part for turn in turns for part in (turn.role, turn.content))
    beside = (
        *(("rejected", rejected) if rejected else ()),
        *(("references", *references) if references else ()),
    )
    return Example(
        content_id(*spoken, *labels, *beside),
        labels=labels,
        messages=tuple(turns),
        documents=documents,
        rejected=rejected,
        references=references,
        source=place,
    )
