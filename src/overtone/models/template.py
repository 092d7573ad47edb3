"""Conversations as tokens, by the base's own chat template, the same in training, evaluation and serving.

What an encoder-decoder reads, which has no such template, is in `source`.

A conversation is cut into segments at the start and end of each assistant turn, and each segment is encoded
by itself. So the tokens of a prompt are always a prefix of the tokens that were trained: no boundary shifts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import TemplateError

from overtone.core.errors import UserError
from overtone.core.example import Message
from overtone.models.base import Base
from overtone.models.source import encode_source, encode_target
from overtone.models.text import encode_plain, end_tokens


@dataclass(frozen=True)
class Segment:
    """A stretch of the rendered conversation; `answer` where the assistant speaks."""

    text: str
    answer: bool
    contents: tuple[str, ...]  # what people wrote in this segment


def encode_prompt(base: Base, messages: Sequence[Message]) -> list[int]:
    """Tokens of a conversation up to the point where the assistant speaks next."""
    if base.description.kind == "encoder-decoder":
        return encode_source(base, messages)
    segments = _segments(base, messages)
    opening = Segment(_opening(base, messages), answer=False, contents=())
    return [token for part in (*segments, opening) for token in _encode(base, part)]


def encode_conversation(base: Base, messages: Sequence[Message]) -> tuple[list[int], list[bool]]:
    """Tokens of a whole conversation and, for each, whether it is learned: answers with their end token."""
    tokens: list[int] = []
    learned: list[bool] = []
    for part in _segments(base, messages):
        encoded = _encode(base, part)
        tokens += encoded
        learned += _learned(base, encoded) if part.answer else [False] * len(encoded)
    return tokens, learned


def encode_answer(base: Base, messages: Sequence[Message]) -> tuple[list[int], list[int]]:
    """Tokens of a conversation up to its last answer, and those of that answer with its end token."""
    if base.description.kind == "encoder-decoder":
        return encode_source(base, messages[:-1]), encode_target(base, messages[-1].content)
    *before, last = _segments(base, messages)
    answer = _encode(base, last)
    prompt = [token for part in before for token in _encode(base, part)]
    return prompt, answer[: sum(_learned(base, answer))]


def render(base: Base, messages: Sequence[Message], opening: bool) -> str:
    """The text that the base's chat template makes of a conversation; UserError where it has no template."""
    if not base.tokenizer.chat_template:
        raise UserError(
            f"base '{base.description.name}' has no chat template, so it cannot hold a conversation: choose a base "
            "tuned for chat, or put a chat_template.jinja into its folder."
        )
    turns = [{"role": message.role, "content": message.content} for message in messages]
    try:
        text: str = base.tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=opening)
    except TemplateError as error:
        raise UserError(
            f"the chat template of '{base.description.name}' refuses this conversation: {error}"
        ) from None
    return text


def _opening(base: Base, messages: Sequence[Message]) -> str:
    """What the template puts before the assistant speaks."""
    return _rest(base, render(base, messages, opening=True), render(base, messages, opening=False))


def _segments(base: Base, messages: Sequence[Message]) -> list[Segment]:
    """Cut a conversation before and after each assistant turn."""
    segments: list[Segment] = []
    done, first = "", 0
    for index, message in enumerate(messages):
        if message.role == "assistant":
            asked = render(base, messages[:index], opening=True)
            answered = render(base, messages[: index + 1], opening=False)
            contents = tuple(turn.content for turn in messages[first:index])
            segments.append(Segment(_rest(base, asked, done), answer=False, contents=contents))
            segments.append(Segment(_rest(base, answered, asked), answer=True, contents=(message.content,)))
            done, first = answered, index + 1
    if first < len(messages):
        contents = tuple(turn.content for turn in messages[first:])
        text = _rest(base, render(base, messages, opening=False), done)
        segments.append(Segment(text, answer=False, contents=contents))
    return segments


def _rest(base: Base, text: str, start: str) -> str:
    """What follows `start` in `text`; UserError where the template rewrites earlier turns."""
    if not text.startswith(start):
        raise UserError(
            f"base '{base.description.name}': its chat template rewrites earlier turns when a turn is added, so what "
            "is trained would differ from what is served; give a chat_template.jinja that only appends."
        )
    return text[len(start) :]


def _encode(base: Base, segment: Segment) -> list[int]:
    """Token ids of a segment; control strings are control tokens only where the template wrote them."""
    control = base.tokenizer.all_special_tokens
    if not any(mark in content for content in segment.contents for mark in control):
        return encode_plain(base, segment.text, control=True)
    tokens: list[int] = []
    rest = segment.text
    for content in segment.contents:
        written = content if content in rest else content.strip()
        before, found, rest = rest.partition(written)
        tokens += encode_plain(base, before, control=True) + encode_plain(base, found)
    return tokens + encode_plain(base, rest, control=True)


def _learned(base: Base, tokens: list[int]) -> list[bool]:
    """An answer is learned up to and with its first end token; what the template adds behind it is not."""
    ends = [position for position, token in enumerate(tokens) if token in end_tokens(base)]
    last = ends[0] if ends else len(tokens) - 1
    return [position <= last for position in range(len(tokens))]
