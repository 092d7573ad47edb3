"""A dialogue written as one text, with `Human:` and `Assistant:` in front of the turns.

The layout of Anthropic's hh-rlhf files (Bai et al. 2022, arXiv 2204.05862).
"""

import re

from overtone.core.example import Message
from overtone.data.cell import UnusableError, is_blank
from overtone.data.conversation import SPEAKERS

_TURN = re.compile(r"(?:^|\n\n)(Human|Assistant):")


def is_dialogue(text: str) -> bool:
    """Whether a text begins as such a dialogue does."""
    return text.lstrip().startswith("Human:")


def read_dialogue(text: str) -> tuple[Message, ...]:
    """The turns in order; an empty last turn of the assistant only says that an answer follows, and is left out."""
    _, *parts = _TURN.split(text.strip())
    turns = [
        Message(SPEAKERS[speaker.lower()], content.strip())
        for speaker, content in zip(parts[::2], parts[1::2], strict=True)
    ]
    if turns and turns[-1] == Message("assistant", ""):
        turns.pop()
    if any(is_blank(turn.content) for turn in turns):
        raise UnusableError("an empty turn")
    return tuple(turns)
