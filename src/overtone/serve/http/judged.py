"""Answers behind an output filter: held until they are whole, then let go, or replaced by its refusal."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from overtone.core.answer import Answer
from overtone.generate.request import Piece
from overtone.serve.http.reply import text_of

if TYPE_CHECKING:
    from overtone.evaluate.safety.output_filter import Filtered


async def judged(pieces: AsyncIterator[Piece], sieve: "Filtered | None") -> AsyncIterator[Piece]:
    """The pieces as they come where there is no filter; else all of them once the whole text is judged.

    In place of a blocked answer come as many pieces, for its tokens are paid for, but none tells what was written.
    """
    if sieve is None:
        async for piece in pieces:
            yield piece
        return
    held = [piece async for piece in pieces]
    answers = [Answer(text=text_of(held))]
    blocked = await asyncio.to_thread(sieve.blocked, answers)  # off the event loop, which serves all others
    for piece in _refused(held, sieve.refusal) if any(blocked) else held:
        yield piece


def _refused(held: Sequence[Piece], refusal: str) -> Iterator[Piece]:
    """Pieces without their text and log-probabilities; the last one says the refusal and why it stands there."""
    for piece in held[:-1]:
        yield replace(piece, text="", ends=True, finish=None)
    yield replace(held[-1], text=refusal, ends=True, finish="content_filter")
