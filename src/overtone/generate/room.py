"""How many tokens may follow a prompt: an encoder-decoder has a context for reading and another for writing."""

from collections.abc import Sequence
from typing import Any

from overtone.engine.encoder_decoder import parted


def room(model: Any, prompt: Sequence[int], context: int) -> int:
    """Tokens that fit behind a prompt; below 1 where it leaves no room, or cannot be read."""
    if not model.config.is_encoder_decoder:
        return context - len(prompt)
    source, written = parted(model, prompt)
    return context - len(written) if len(source) <= context else 0
