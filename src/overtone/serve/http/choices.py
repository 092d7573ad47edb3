"""The choices of a completion: the echo, one stretch a token, and all of them joined."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from overtone.generate.request import Finish, Piece
from overtone.models.text import decode
from overtone.serve.http.log_probabilities import CompletionLogProbabilities
from overtone.serve.http.reply import tokens_of, usage
from overtone.serve.http.written import Opened

if TYPE_CHECKING:
    from overtone.generate.writer import Writer


class Choices:
    """Turns what the decoder gives for one prompt into choices, and counts tokens on the way."""

    def __init__(self, writer: "Writer", with_log_probabilities: bool, opened: Opened) -> None:
        self._writer, self._opened, self._written = writer, opened, 0
        self._values = CompletionLogProbabilities(writer) if with_log_probabilities else None

    @property
    def usage(self) -> dict[str, int]:
        """Tokens so far."""
        return usage(len(self._opened.prompt), self._written)

    def echo(self, prompt: str | Sequence[int], finish: Finish | None) -> dict[str, Any]:
        """The prompt as it was given."""
        text = prompt if isinstance(prompt, str) else decode(self._writer.base, prompt)
        told = self._values.prompt(self._opened.prompt, self._opened.read) if self._values else None
        return _choice(text, told, finish)

    def piece(self, piece: Piece) -> dict[str, Any]:
        """One more token."""
        self._written += 1
        told = self._values.tokens(tokens_of([piece])) if self._values else None
        return _choice(piece.text, told, piece.finish)


def says_something(choice: dict[str, Any]) -> bool:
    """Whether a stretch has text, log-probabilities or an end; the middle of a character has none."""
    told = choice["logprobs"]
    return bool(choice["text"] or choice["finish_reason"] or (told and told["tokens"]))


def joined(choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All stretches as one choice."""
    tables = [choice["logprobs"] for choice in choices if choice["logprobs"]]
    names = tables[0] if tables else {}
    told = {name: [entry for table in tables for entry in table[name]] for name in names} or None
    return _choice("".join(choice["text"] for choice in choices), told, choices[-1]["finish_reason"])


def _choice(text: str, told: dict[str, Any] | None, finish: str | None) -> dict[str, Any]:
    return {"index": 0, "text": text, "logprobs": told, "finish_reason": finish}
