"""What a model's thread does for a text request: encode, check that it fits, write token by token."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overtone.generate.request import Piece, Request, Token
from overtone.serve.http.errors import context_exceeded

if TYPE_CHECKING:
    from overtone.generate.writer import Writer


@dataclass(frozen=True)
class Opened:
    """The prompt was accepted: its tokens and, where asked for, log-probabilities of all but the first."""

    prompt: tuple[int, ...]
    read: tuple[Token, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """How many tokens to write (None: as many as the model was measured with); what to tell of the prompt."""

    max_tokens: int | None
    field: str  # the one that holds the prompt
    read_prompt: bool = False
    alternatives: int = 0


def written(
    writer: "Writer",
    encode: Callable[[], tuple[int, ...]],
    wanted: Wanted,
    request: Callable[[tuple[int, ...], int], Request],
) -> Iterator[Opened | Piece]:
    """First the opened prompt, then a piece a token; ApiError where the prompt cannot be taken."""
    prompt = encode()
    room = writer.room(prompt)
    asked = min(writer.max_tokens, max(room, 1)) if wanted.max_tokens is None else wanted.max_tokens
    if asked > room:
        raise context_exceeded(writer.context, len(prompt), asked, wanted.field)
    yield Opened(prompt, tuple(writer.read(prompt, wanted.alternatives)) if wanted.read_prompt else ())
    if asked:
        yield from writer.stream(request(prompt, asked))
