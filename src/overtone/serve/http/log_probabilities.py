"""Log-probabilities of tokens in the two shapes that OpenAI clients read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from overtone.generate.request import Token
from overtone.generate.text import BROKEN, Detokenizer
from overtone.models.text import decode

if TYPE_CHECKING:
    from overtone.generate.writer import Writer

LOWEST = -9999.0  # stands for minus infinity, which JSON cannot say


def token_text(writer: "Writer", token: int) -> str:
    """The text of one token; `token_id:7` for one that holds only a part of a character."""
    text: str = writer.base.tokenizer.decode([token])
    return f"token_id:{token}" if BROKEN in text else text


def chat_content(writer: "Writer", tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """The `content` of a chat choice's `logprobs`."""
    return [
        {
            **_chat_entry(writer, token.id, token.log_probability),
            "top_logprobs": [_chat_entry(writer, number, value) for number, value in token.alternatives],
        }
        for token in tokens
    ]


def _chat_entry(writer: "Writer", token: int, value: float) -> dict[str, Any]:
    text = token_text(writer, token)
    whole = text != f"token_id:{token}"
    return {"token": text, "logprob": max(value, LOWEST), "bytes": list(text.encode()) if whole else None}


class CompletionLogProbabilities:
    """The `logprobs` of a completion choice, chunk by chunk; offsets count characters of the reply's text."""

    def __init__(self, writer: "Writer") -> None:
        self._writer = writer
        self._characters = Detokenizer(lambda tokens: decode(writer.base, tokens))
        self._offset = 0

    def prompt(self, prompt: Sequence[int], read: Sequence[Token]) -> dict[str, Any]:
        """The prompt's tokens; those before the `read` ones are predicted by nothing and have no log-probability."""
        unread = len(prompt) - len(read)
        first = self._table(list(prompt[:unread]), [None] * unread, [None] * unread)
        rest = self.tokens(read)
        return {name: first[name] + rest[name] for name in first}

    def tokens(self, tokens: Sequence[Token]) -> dict[str, Any]:
        """Tokens with their log-probabilities and alternatives."""
        values = [max(token.log_probability, LOWEST) for token in tokens]
        return self._table([token.id for token in tokens], values, [self._top(token) for token in tokens])

    def _table(self, ids: list[int], values: Sequence[float | None], tops: Sequence[Any]) -> dict[str, Any]:
        return {
            "tokens": [token_text(self._writer, token) for token in ids],
            "token_logprobs": list(values),
            "top_logprobs": list(tops),
            "text_offset": [self._pass(token) for token in ids],
        }

    def _top(self, token: Token) -> dict[str, float]:
        return {token_text(self._writer, number): max(value, LOWEST) for number, value in token.alternatives}

    def _pass(self, token: int) -> int:
        """Where the token begins in the text."""
        offset = self._offset
        self._offset += len(self._characters.push(token))
        return offset
