"""What all learned beginnings of rows share: they start as the words of a text."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from overtone.methods.beginning import Beginning
from overtone.methods.prefix import Prefix
from overtone.methods.prompt import Prompt
from overtone.models.base import load_base
from tests.methods.agreement import ROWS, scores

SmallBase = Callable[[str], Path]


@pytest.mark.parametrize("kind", [Prompt, Prefix])
@pytest.mark.parametrize("model_type", ["llama", "mistral", "smollm3", "gpt2", "gemma3_text"])
def test_it_starts_as_the_words_of_its_text(
    small_base: SmallBase, kind: type[Beginning], model_type: str
) -> None:
    base = load_base(str(small_base(model_type)))
    words = base.tokenizer("Say it.", add_special_tokens=False)["input_ids"]
    wanted = scores(base.model, [(words + prompt, answer) for prompt, answer in ROWS])
    body = kind(tokens=len(words), text="Say it.").attach(base.model, 0)
    assert torch.allclose(scores(body), wanted, atol=1e-5)
