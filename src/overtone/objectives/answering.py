"""The row of an answer: what stands before it is read, the answer is learned."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from overtone.core.example import Message

if TYPE_CHECKING:
    from overtone.engine.row import Row
    from overtone.models.base import Base


def answering(base: "Base", messages: Sequence[Message]) -> "Row":
    """The last turn with its end token, learned behind all turns before it."""
    from overtone.models.template import encode_answer

    return learned_behind(base, *encode_answer(base, messages))


def learned_behind(base: "Base", read: Sequence[int], answer: Sequence[int]) -> "Row":
    """The tokens of an answer learned behind those that are read: by its encoder, where a base has one."""
    from overtone.engine.row import Row

    learned = (False,) * len(read) + (True,) * len(answer)
    source = len(read) if base.description.kind == "encoder-decoder" else 0
    return Row((*read, *answer), learned, source=source)
