"""Chat documents: messages with an optional system prompt in many wordings."""

from __future__ import annotations

import random as randomness
from collections.abc import Sequence
from typing import Any

from base.generators.phrase import fill, say

_SYSTEM = (
    "[you are|act as|be] a~[helpful|polite|careful|friendly|patient|quick|kind|honest|calm|clever] "
    "[assistant|helper|clerk|guide|{job}|teacher|librarian] [named {name}|called {name}|from {town}|for {family} and {family}|]."
    "[ keep it short.| answer in [plain|simple|few] words.| do what is asked.| use only the given text.| be [brief|exact|clear].|]",
    "[answer|reply] [in|with] [few words|plain English|short sentences|one line|simple words]."
    "[ your name is {name}.| today is {day}.| the office is in {town}.|]",
    "[today is {day}|it is {month}|the user is a~{job}|the user lives in {town}]. [help|answer|assist] [politely|briefly|{adverb}|as well as you can].",
)


def chat(random: randomness.Random, turns: Sequence[str], system: float = 0.3) -> dict[str, Any]:
    """A document of user and assistant turns in alternation; a system prompt comes first in a share of cases."""
    messages = [
        {"role": "assistant" if place % 2 else "user", "content": turn} for place, turn in enumerate(turns)
    ]
    if random.random() < system:
        messages.insert(0, {"role": "system", "content": say(random, random.choice(_SYSTEM))})
    return {"messages": messages}


def ask(random: randomness.Random, passage: str, question: str) -> str:
    """A passage and a question in one of many layouts."""
    layouts = (
        f"{passage}\n\n{question}",
        f"{question}\n\n{passage}",
        f"Text: {passage}\nQuestion: {question}",
        f"Passage:\n{passage}\n\n{question}",
        f'{question}\n"{passage}"',
        f"{passage}\n\nQ: {question}",
        f"{fill(random, '[Read this|Here is a text|Look at this|Use the text below]')}.\n{passage}\n{question}",
    )
    return random.choice(layouts)
