"""A conversation with its last answer as a reward model reads it: one row of tokens."""

from collections.abc import Sequence

from overtone.core.example import Message
from overtone.models.base import Base
from overtone.models.template import encode_answer
from overtone.models.text import encode_text


def encode_rewarded(base: Base, messages: Sequence[Message]) -> list[int]:
    """Token ids by a decoder's chat template up to the end of the answer; an encoder reads the turns as one text."""
    if base.description.kind == "decoder":
        prompt, answer = encode_answer(base, messages)
        return prompt + answer
    return encode_text(base, "\n".join(turn.content for turn in messages))
