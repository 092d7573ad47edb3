"""Conversations for encoder-decoders: plain text to the encoder, the answer to the decoder.

Their tokenizers know no chat template. A single turn is read as it is; several turns stand below each other, each
behind its role.
"""

from collections.abc import Sequence

from overtone.core.example import Message
from overtone.models.base import Base
from overtone.models.text import encode_text, end_tokens

# For a person who looks at rows.
FORM = "The encoder reads plain text: a single turn as it is, several each behind its role. The answer is learned."


def render_source(messages: Sequence[Message]) -> str:
    """The text that the encoder reads."""
    if len(messages) == 1:
        return messages[0].content
    return "\n".join(f"{turn.role}: {turn.content}" for turn in messages)


def encode_source(base: Base, messages: Sequence[Message]) -> list[int]:
    """Token ids of the turns before an answer, with the tokenizer's own marks; the end token comes last."""
    return _ended(base, encode_text(base, render_source(messages)))


def encode_target(base: Base, answer: str) -> list[int]:
    """Token ids of an answer, with the tokenizer's own marks; the end token comes last."""
    return _ended(base, encode_text(base, answer))


def _ended(base: Base, tokens: list[int]) -> list[int]:
    ends = end_tokens(base)
    return tokens if tokens and tokens[-1] in ends else [*tokens, base.tokenizer.eos_token_id]
