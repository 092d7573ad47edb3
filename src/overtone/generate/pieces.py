"""Requests to pieces of text: decoding, detokenising and stop strings put together."""

from collections.abc import Iterator, Sequence

from overtone.generate.decode import Decoding
from overtone.generate.request import Piece, Request, Step
from overtone.generate.text import Detokenizer, StopStrings
from overtone.models.base import Base
from overtone.models.text import decode


def pieces(base: Base, requests: Sequence[Request]) -> Iterator[Piece]:
    """Decode one batch; every token of every row comes as a piece as soon as it is known."""
    decoding = Decoding(base.model, requests, base.description.context, base.tokenizer)
    texts = [_Text(base, request) for request in requests]
    for steps in decoding:
        made = [texts[step.row].piece(step) for step in steps]
        decoding.leave(piece.row for piece in made if piece.finish)
        yield from made


class _Text:
    """The text of one request as it grows."""

    def __init__(self, base: Base, request: Request) -> None:
        self._end = request.end
        self._characters = Detokenizer(lambda tokens: decode(base, tokens))
        self._stops = StopStrings(request.stop)

    def piece(self, step: Step) -> Piece:
        ends = step.token.id in self._end
        text = "" if ends else self._stops.push(self._characters.push(step.token.id))
        if step.finish and not self._stops.found:
            text += self._stops.push(self._characters.flush())
            text += "" if self._stops.found else self._stops.flush()
        return Piece(step.row, step.token, text, ends, "stop" if self._stops.found else step.finish)
