"""What is asked of a decoder and what it gives back, token by token. Imports no torch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from overtone.generate.constraint import Constraint

if TYPE_CHECKING:
    from overtone.generate.adapters import Adapter

Finish = Literal["stop", "length", "content_filter"]  # the last where a server withheld the answer


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt of token ids and how to go on from it.

    `temperature` 0 is greedy. `top_k` keeps that many most probable tokens, `top_p` of them the most probable
    that together reach that probability. `seed` fixes the draws: they depend on nothing else in the batch.
    `end` are ids that end the answer, `stop` strings that end it and are not part of it. `alternatives` asks
    for that many most probable tokens beside each chosen one. `constraint` is a form that the answer must
    have; `adapter` stands on top of the model for this request alone.
    """

    prompt: tuple[int, ...]
    max_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int | None = None
    seed: int = 0
    end: frozenset[int] = frozenset()
    stop: tuple[str, ...] = ()
    alternatives: int = 0
    constraint: Constraint | None = None
    adapter: "Adapter | None" = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its natural-log probability under the model, before temperature, top_p and constraint."""

    id: int
    log_probability: float
    alternatives: tuple[tuple[int, float], ...] = ()  # (id, log-probability), most probable first


@dataclass(frozen=True, slots=True)
class Step:
    """One more token of one request; `finish` says why it was the last."""

    row: int
    token: Token
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One more token of one request with the text that became certain; pieces joined are the whole answer.

    `ends` where the token is an end token: it is paid for, and is no part of the text.
    """

    row: int
    token: Token
    text: str
    ends: bool = False
    finish: Finish | None = None
