"""What the tiny decoder writes when it draws at random, and how much of that is copied from its training text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from random import Random

from base.copying import copied_share, seen_ngrams, word_ngrams
from base.documents import Row, plain
from base.pretrain import example
from overtone.engine.batches import by_length
from overtone.generate.pieces import pieces
from overtone.generate.request import Piece, Request
from overtone.models.base import Base
from overtone.models.template import encode_prompt
from overtone.models.text import end_tokens

TEMPERATURE = 0.8
MAX_TOKENS = 200
BATCH_TOKENS = 8192


@dataclass(frozen=True)
class Copying:
    """Shares of word 12-grams that stand in the training text, and how many 12-grams each share is of.

    `held_out_share` is that of the held-out documents themselves: what text of this kind repeats anyway.
    """

    samples: int
    ngrams: int
    share: float
    unprompted_share: float
    prompted_share: float
    held_out_share: float
    temperature: float = TEMPERATURE
    max_tokens: int = MAX_TOKENS


def unprompted(base: Base, count: int, seed: int) -> list[str]:
    """Texts and conversations from nothing but the start token; a conversation goes on over its turns."""
    start = (base.tokenizer.bos_token_id,)
    ends, turns = end_tokens(base), set(base.tokenizer.all_special_ids) - end_tokens(base)
    rows = _draw(base, [_request(start, seed + place) for place in range(count)])
    return [
        _text(row if row[0].token.id in turns else takewhile(lambda piece: piece.token.id not in ends, row))
        for row in rows
    ]


def prompted(base: Base, rows: Sequence[Row], count: int, seed: int) -> list[str]:
    """Answers to the first question of `count` conversations, or of all where there are fewer."""
    conversations = [example(row).messages for row in rows if "messages" in row]
    asked = [
        tuple(encode_prompt(base, tuple(takewhile(lambda turn: turn.role != "assistant", turns))))
        for turns in conversations
        if any(turn.role == "user" for turn in turns)
    ]
    fitting = [prompt for prompt in asked if len(prompt) < base.description.context]
    chosen = Random(f"prompts {seed}").sample(fitting, min(count, len(fitting)))
    requests = [
        _request(prompt, seed + place, end_tokens(base)) for place, prompt in enumerate(chosen, 10_000)
    ]
    return [_text(row) for row in _draw(base, requests)]


def copying(
    free: Sequence[str], answers: Sequence[str], train: Iterable[Row], held_out: Sequence[Row]
) -> Copying:
    """Look the 12-grams of samples and of held-out documents up in the training text."""
    samples, unseen = [*free, *answers], [plain(row) for row in held_out]
    seen = seen_ngrams([*samples, *unseen]).intersection(
        ngram for row in train for ngram in word_ngrams(plain(row))
    )
    return Copying(
        samples=len(samples),
        ngrams=sum(1 for sample in samples for _ in word_ngrams(sample)),
        share=copied_share(samples, seen),
        unprompted_share=copied_share(free, seen),
        prompted_share=copied_share(answers, seen),
        held_out_share=copied_share(unseen, seen),
    )


def _request(prompt: tuple[int, ...], seed: int, end: frozenset[int] = frozenset()) -> Request:
    return Request(prompt, MAX_TOKENS, temperature=TEMPERATURE, seed=seed, end=end)


def _draw(base: Base, requests: Sequence[Request]) -> list[list[Piece]]:
    """The pieces of each request, decoded in batches."""
    written: list[list[Piece]] = [[] for _ in requests]
    for batch in by_length([len(request.prompt) + MAX_TOKENS for request in requests], BATCH_TOKENS):
        for piece in pieces(base, [requests[index] for index in batch]):
            written[batch[piece.row]].append(piece)
    return written


def _text(row: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in row)
