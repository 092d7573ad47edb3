"""Runs of words that come back, so that a model learns to look up what followed a word before.

Text of ordinary sentences alone teaches a small model to copy only after many more tokens than it reads here
(Olsson et al. 2022, "In-context Learning and Induction Heads", arXiv 2209.11895, on when copying appears).
"""

from __future__ import annotations

import random as randomness
from collections.abc import Iterator
from itertools import chain
from typing import Any

from base.generators.chat import chat
from base.generators.phrase import code, made_up_name, one, say
from base.generators.words import WORDS

_ALL_WORDS = tuple(sorted({word for word in chain.from_iterable(WORDS.values()) if " " not in word}))
_ASKED = (
    "[copy|repeat|write again|say again|type] [this|the text|what follows][, word for word|, please|]:",
    "[give|send|read] [me |][this|the words] [back|once more]:",
    "[echo|recite|quote] [exactly |]this:",
)
_AGAIN = ("Again:", "Once more:", "The same again:", "Read back:", "Copy:", "Second time:")


def _run(random: randomness.Random, count: int) -> list[str]:
    """Words, made-up names, numbers and codes without any sense."""
    makers = (made_up_name, code, lambda r: str(r.randint(2, 999)))
    return [
        random.choice(makers)(random) if random.random() < 0.15 else random.choice(_ALL_WORDS)
        for _ in range(count)
    ]


def _cycle(random: randomness.Random) -> dict[str, Any]:
    """The same two to forty words, round and round."""
    period = int(2 ** random.uniform(1, 5.3))
    length = max(2 * period, random.randint(30, 90))
    words = _run(random, period)
    joint = random.choice((" ", " ", ", ", "\n", " - "))
    return {"text": joint.join((words * (length // period + 1))[:length])}


def _read_back(random: randomness.Random) -> dict[str, Any]:
    """A run of words, a mark, and the run again."""
    text = random.choice((" ", ", ", "\n")).join(_run(random, random.randint(6, 40)))
    return {"text": f"{text}\n{random.choice(_AGAIN)}\n{text}"}


def _asked(random: randomness.Random) -> dict[str, Any]:
    """A user who wants the words back, one to three times."""
    turns: list[str] = []
    for _ in range(random.randint(1, 3)):
        text = random.choice((" ", " ", ", ")).join(_run(random, random.randint(4, 20)))
        turns += [f"{one(random, *_ASKED)} {text}", text]
    return chat(random, turns)


def _pairs(random: randomness.Random) -> dict[str, Any]:
    """A table of keys and values, then the same keys in another order with their values."""
    keys = _run(random, random.randint(4, 14))
    rows = [
        f"{key} {say(random, '[is|:|=|has]').lower()} {value}"
        for key, value in zip(keys, _run(random, len(keys)), strict=True)
    ]
    again = random.sample(rows, len(rows))
    return {"text": "\n".join([*rows, random.choice(_AGAIN), *again])}


def documents(random: randomness.Random) -> Iterator[dict[str, Any]]:
    """Repeated runs of the four kinds, without end."""
    while True:
        yield random.choice((_cycle, _cycle, _read_back, _asked, _pairs))(random)
