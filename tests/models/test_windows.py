"""A question before its passage, parted from it whatever marks the tokenizer sets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overtone.models.base import load_base
from overtone.models.windows import windows

QUESTION, PASSAGE = "Who made it?", "It was made by Ada."


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("builtin:tiny", f"{QUESTION}\n{PASSAGE}"),  # no marks
        ("builtin:minilm", "[CLS] who made it? [SEP] it was made by ada. [SEP]"),
        ("llama", f"<|begin|>{QUESTION}<|end|>{PASSAGE}<|end|>"),
    ],
)
def test_the_question_stands_before_the_passage_and_apart(
    small_base: Callable[[str], Path], base: str, form: str
) -> None:
    loaded = load_base(base if ":" in base else str(small_base(base)))
    (found,) = windows(loaded, QUESTION, PASSAGE)
    assert loaded.tokenizer.decode(found.tokens) == form
    assert loaded.tokenizer.decode([found.tokens[place] for place in found.places]).lower() == PASSAGE.lower()
    assert "".join(PASSAGE[start:end] for start, end in found.offsets).replace(" ", "") == "ItwasmadebyAda."


def test_every_window_begins_with_the_question() -> None:
    base, passage = load_base("builtin:tiny"), "far away " * 1000
    found = windows(base, QUESTION, passage)
    begin = base.tokenizer(f"{QUESTION}\n")["input_ids"]
    assert len(found) > 2
    assert all(list(one.tokens[: one.first]) == begin for one in found)
    assert {len(one.tokens) for one in found[:-1]} == {base.description.context}
    covered = {place for one in found for start, end in one.offsets for place in range(start, end)}
    assert covered == set(range(len(passage)))
