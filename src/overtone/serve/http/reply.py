"""What every text reply carries: id, time, model, and the count of tokens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from overtone.generate.request import Piece, Token


@dataclass(frozen=True)
class Reply:
    """The envelope of one reply; all chunks of a stream carry the same one."""

    prefix: str  # of the id
    kind: str  # the `object` that clients read
    model: str
    created: int
    number: str

    @classmethod
    def begin(cls, prefix: str, kind: str, model: str, now: float) -> "Reply":
        """A reply with a fresh id."""
        return cls(prefix, kind, model, int(now), secrets.token_hex(12))

    def envelope(self, choices: list[dict[str, Any]], **rest: Any) -> dict[str, Any]:
        """The reply or one chunk of it."""
        identity = {"id": f"{self.prefix}-{self.number}", "object": self.kind, "created": self.created}
        return {**identity, "model": self.model, "choices": choices, **rest}


def usage(prompt: int, completion: int) -> dict[str, int]:
    """Tokens read and written; an end token counts as written."""
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def text_of(pieces: Sequence[Piece]) -> str:
    """The text of an answer."""
    return "".join(piece.text for piece in pieces)


def tokens_of(pieces: Sequence[Piece]) -> list[Token]:
    """The tokens that make the text: all but the end token."""
    return [piece.token for piece in pieces if not piece.ends]
