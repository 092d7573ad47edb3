"""A context and its continuations as tokens: where the cut lies when choices are scored as answers.

Behind a chat template a choice is encoded by itself, as an answer is in training. In plain text the tokens at the
boundary depend on both sides; there the cut follows the convention of lm-eval (its documentation calls the parts
context and continuation), so that scores compare with published ones.
"""

from collections.abc import Sequence

from overtone.core.example import Message
from overtone.core.tasks.choose import PLACE
from overtone.models.base import Base
from overtone.models.source import encode_source
from overtone.models.template import encode_prompt
from overtone.models.text import encode_plain, encode_text

Tokens = list[int]


def encode_choices(
    base: Base, turns: Sequence[Message], choices: Sequence[str], prompt: str | None
) -> tuple[Tokens, list[Tokens]]:
    """Tokens of a conversation up to where the answer begins, and those of each choice behind it.

    With a `prompt` the conversation is plain text, which needs no chat template.
    """
    if prompt is None:
        return encode_prompt(base, turns), [encode_plain(base, choice) for choice in choices]
    context = plain_context(turns, prompt)
    if base.description.kind == "encoder-decoder":  # the two never meet in one text
        read = encode_source(base, [Message("user", context.rstrip())])
        return read, [encode_plain(base, f" {choice}") for choice in choices]
    pairs = [encode_pair(base, context, f" {choice}") for choice in choices]
    return encode_context(base, context), [continuation for _, continuation in pairs]


def encode_context(base: Base, context: str) -> Tokens:
    """Tokens of a context alone: without the white space at its end, which belongs to what follows."""
    return encode_pair(base, context, "")[0]


def encode_pair(base: Base, context: str, continuation: str) -> tuple[Tokens, Tokens]:
    """Tokens of a context and of the continuation behind it.

    White space at the end of the context moves to the continuation. Both are encoded as one text, behind the mark with
    which the tokenizer begins texts, and the continuation is what goes past as many tokens as the context alone has.
    Of an empty context only that mark is left, or the end mark where the tokenizer has no such mark. Control strings in
    either part stay text.
    """
    kept = context.rstrip()
    if not kept:
        return _beginning(base), encode_plain(base, context + continuation)
    before = [*_start(base), *encode_plain(base, kept)]
    whole = [*_start(base), *encode_plain(base, context + continuation)]
    return before, whole[len(before) :]


def plain_context(turns: Sequence[Message], prompt: str) -> str:
    """A conversation as plain text: each question in the prompt, its answer behind a space, then an empty line."""
    head, _, tail = prompt.partition(PLACE)
    around = {"system": ("", "\n\n"), "user": (head, tail), "assistant": (" ", "\n\n")}
    return "".join(around[turn.role][0] + turn.content + around[turn.role][1] for turn in turns)


def _beginning(base: Base) -> Tokens:
    """The mark that stands for an empty context."""
    tokenizer = base.tokenizer
    mark = tokenizer.eos_token_id if tokenizer.bos_token_id is None else tokenizer.bos_token_id
    return [mark]


def _start(base: Base) -> Tokens:
    """The marks that the tokenizer puts before a text; what it puts behind one is no part of a context."""
    marked, plain = encode_text(base, "a"), encode_plain(base, "a")
    places = (place for place in range(len(marked)) if marked[place : place + len(plain)] == plain)
    return marked[: next(places, 0)]
